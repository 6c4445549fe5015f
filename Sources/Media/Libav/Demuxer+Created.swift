import CFFmpeg

extension Demuxer {
  /// When the video was recorded, as the container or its video stream says it.
  var created: String? {
    // Only Apple's key has the zone of the camera; the other one is in UTC.
    for (metadata, key) in [
      (context.pointee.metadata, "com.apple.quicktime.creationdate"),
      (context.pointee.metadata, "creation_time"), (stream.pointee.metadata, "creation_time"),
    ] {
      if let value = av_dict_get(metadata, key, nil, 0)?.pointee.value,
        let time = RecordedTime.text(String(cString: value).trimmed)
      {
        return time
      }
    }
    return nil
  }
}
