extension Settings {
  /// What cameras, phones, file servers and exports put beside media and nobody asks about. Formats of
  /// media are not on it, except previews of a file beside them: `thm`, `lrv` and `lrf` of action
  /// cameras.
  public static let usualLitter = [
    // Edits and metadata of photos.
    "*.aae", "*.xmp", "*.pp3", "*.dop", "*.on1", "*.cos", "*.xml", "*.exif", "*.icc",
    "*.supplemental-metadata.json", "*.info.json", "*.description", "*.gpx", "*.kml", "*.nmea",
    // Cameras.
    "*.thm", "*.lrv", "*.lrf", "*.ctg", "*.cpi", "*.mpl", "*.bdm", "*.moi", "*.modd", "*.moff",
    "*.mrk", "*.ifo", "*.bup",
    // Subtitles and notes on videos.
    "*.srt", "*.vtt", "*.sub", "*.idx", "*.ass", "*.ssa", "*.smi", "*.lrc", "*.nfo",
    // Systems, file servers and browsers.
    "*.md", "*.url", "*.lnk", "*.webloc", "*.desktop", "*.ini", "*.inf", "*.db", "*.db-shm",
    "*.db-wal", "*.plist", "*.log", "*.bak", "*.lock", "*.torrent", "*.aria2", "*.ytdl",
    "*zone.identifier", "*.html", "*.htm", "*.css",
    "*.js", "*.ds_store", "*.md5", "*.sha1", "*.sha256", "*.sfv",
  ]
}
