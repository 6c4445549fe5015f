// Where the parts of a panel with weights of 4 to 6 bits lie.
//
// A panel has 32 outputs. A header holds f16 for `span` groups: 32 scales and, where there are minima, 32 of
// those. Behind it are the blocks of these groups of 32 inputs:
// - codes: one byte per output for scales, then one for minima; or two per output, one for each half;
// - nibbles: 4 × 32 × 4 bytes. A low nibble belongs to the first half of the group, a high one to the second;
//   for four inputs at a time, the four weights of every output are side by side, as in 8-bit panels;
// - planes of further bits, 32 × 4 bytes each. With 5 bits, bit k of a byte belongs to the k-th four inputs.
//   With 6 bits, the first plane is for the first half and holds two bits for each four inputs.
#ifndef ILLAVA_PANELS_H
#define ILLAVA_PANELS_H

#include "ckernels.h"

enum {
  PANEL_NIBBLES = ILLAVA_INT8_PANEL * ILLAVA_INT8_GROUP / 2,
  PANEL_PLANE = ILLAVA_INT8_PANEL * 4,
};

typedef struct {
  // Groups that share a header.
  size_t span;
  // Bytes of a header, of the codes and of the planes.
  size_t header, codes, planes;
  // Whether there are minima.
  int minima;
} panel_parts;

static inline __attribute__((always_inline)) panel_parts parts_of(illava_panel kind) {
  switch (kind) {
    case illava_panel_four: return (panel_parts){8, 128, 64, 0, 1};
    case illava_panel_five: return (panel_parts){8, 128, 64, PANEL_PLANE, 1};
    case illava_panel_six: return (panel_parts){8, 64, 64, 2 * PANEL_PLANE, 0};
    default: return (panel_parts){1, 128, 0, 0, 1};
  }
}

// Bytes of a group's block.
static inline __attribute__((always_inline)) size_t group_bytes(panel_parts parts) {
  return parts.codes + PANEL_NIBBLES + parts.planes;
}

// Bytes of a header and all its groups.
static inline __attribute__((always_inline)) size_t span_bytes(panel_parts parts) {
  return parts.header + parts.span * group_bytes(parts);
}

#endif
