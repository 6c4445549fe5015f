// What reading videos needs of FFmpeg beyond its headers: the flags of interlaced frames, whose place
// differs between versions, and deinterlacing. Included by shim.h.
#ifndef ILLAVA_CFFMPEG_VIDEO_H
#define ILLAVA_CFFMPEG_VIDEO_H

#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavformat/avformat.h>
#include <libavutil/dovi_meta.h>
#include <libavutil/frame.h>
#include <libavutil/mem.h>

/// The place of the next byte that is read. (Swift does not import `avio_tell`.)
static inline int64_t ill_tell(AVIOContext *io) { return avio_tell(io); }

/// Whether a packet is still encrypted.
static inline int ill_packet_encrypted(const AVPacket *packet) {
  return av_packet_get_side_data(packet, AV_PKT_DATA_ENCRYPTION_INFO, NULL) != NULL;
}

/// Whether a frame says that it consists of two fields.
static inline int ill_frame_interlaced(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
  return (frame->flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
  return frame->interlaced_frame;
#endif
}

/// Marks a frame as consisting of two fields, the upper one first or not.
static inline void ill_frame_set_interlaced(AVFrame *frame, int top_first) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
  frame->flags |= AV_FRAME_FLAG_INTERLACED;
  frame->flags &= ~AV_FRAME_FLAG_TOP_FIELD_FIRST;
  if (top_first) frame->flags |= AV_FRAME_FLAG_TOP_FIELD_FIRST;
#else
  frame->interlaced_frame = 1;
  frame->top_field_first = top_first;
#endif
}

/// The profile of Dolby Vision that a stream states; -1 for none.
static inline int ill_dolby_profile(const AVStream *stream) {
  const uint8_t *data = NULL;
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const AVPacketSideData *part =
      av_packet_side_data_get(stream->codecpar->coded_side_data,
                              stream->codecpar->nb_coded_side_data, AV_PKT_DATA_DOVI_CONF);
  if (part && part->size >= sizeof(AVDOVIDecoderConfigurationRecord)) data = part->data;
#else
  size_t size = 0;
  data = av_stream_get_side_data(stream, AV_PKT_DATA_DOVI_CONF, &size);
  if (size < sizeof(AVDOVIDecoderConfigurationRecord)) data = NULL;
#endif
  return data ? ((const AVDOVIDecoderConfigurationRecord *)data)->dv_profile : -1;
}

/// Passes a reference to `frame`, as number `time`, to a filter.
static inline int ill_deinterlacer_feed(AVFilterContext *source, const AVFrame *frame,
                                        int64_t time) {
  AVFrame *copy = av_frame_clone(frame);
  if (!copy) return AVERROR(ENOMEM);
  // Its own time could be near the limits of 64 bits, and the filter doubles it.
  copy->pts = time;
  int code = av_buffersrc_add_frame(source, copy);
  av_frame_free(&copy);
  return code;
}

/// Makes source, `bwdif` and sink for frames like `frame`.
static inline int ill_deinterlacer_make(AVFilterGraph *graph, const AVFrame *frame,
                                        AVFilterContext **source, AVFilterContext **sink) {
  const AVFilter *bwdif = avfilter_get_by_name("bwdif");
  if (!bwdif) return AVERROR_FILTER_NOT_FOUND;
  AVBufferSrcParameters *shape = av_buffersrc_parameters_alloc();
  if (!shape) return AVERROR(ENOMEM);
  shape->format = frame->format;
  shape->width = frame->width;
  shape->height = frame->height;
  shape->time_base = (AVRational){1, 25};
  shape->sample_aspect_ratio = frame->sample_aspect_ratio;
#if LIBAVFILTER_VERSION_INT >= AV_VERSION_INT(9, 16, 100)
  shape->color_space = frame->colorspace;
  shape->color_range = frame->color_range;
#endif
  *source = avfilter_graph_alloc_filter(graph, avfilter_get_by_name("buffer"), "in");
  int code = *source ? av_buffersrc_parameters_set(*source, shape) : AVERROR(ENOMEM);
  av_free(shape);
  if (code >= 0) code = avfilter_init_str(*source, NULL);
  AVFilterContext *filter = NULL;
  if (code >= 0)
    code = avfilter_graph_create_filter(&filter, bwdif, "fields", "mode=send_frame:parity=auto",
                                        NULL, graph);
  if (code >= 0)
    code = avfilter_graph_create_filter(sink, avfilter_get_by_name("buffersink"), "out", NULL, NULL,
                                        graph);
  if (code >= 0) code = avfilter_link(*source, 0, filter, 0);
  if (code >= 0) code = avfilter_link(filter, 0, *sink, 0);
  return code >= 0 ? avfilter_graph_config(graph, NULL) : code;
}

/// Deinterlaces `frame` into the empty frame `out`, with the frames before and after it where they are
/// known (or NULL). Returns 0, or a libav error code where `bwdif` is missing or cannot do it.
static inline int ill_deinterlace(const AVFrame *before, const AVFrame *frame, const AVFrame *after,
                                  int threads, AVFrame *out) {
  AVFilterGraph *graph = avfilter_graph_alloc();
  if (!graph) return AVERROR(ENOMEM);
  graph->nb_threads = threads;
  AVFilterContext *source = NULL, *sink = NULL;
  int code = ill_deinterlacer_make(graph, frame, &source, &sink);
  if (code >= 0 && before) code = ill_deinterlacer_feed(source, before, 0);
  if (code >= 0) code = ill_deinterlacer_feed(source, frame, 1);
  if (code >= 0 && after) code = ill_deinterlacer_feed(source, after, 2);
  if (code >= 0) code = av_buffersrc_add_frame(source, NULL);
  // The filter gives one frame for each that it got.
  for (int wanted = before ? 1 : 0; code >= 0 && wanted >= 0; wanted--) {
    av_frame_unref(out);
    code = av_buffersink_get_frame(sink, out);
  }
  avfilter_graph_free(&graph);
  return code < 0 ? code : 0;
}

#endif
