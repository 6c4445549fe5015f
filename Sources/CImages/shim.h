// The libraries for TIFF, HEIF and animated WebP as Swift sees them.
#ifndef ILLAVA_CIMAGES_SHIM_H
#define ILLAVA_CIMAGES_SHIM_H

#include <libheif/heif.h>
#include <webp/decode.h>
#include <webp/demux.h>

#include "tiff.h"

#endif
