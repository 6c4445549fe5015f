// Codes about reading and writing checkpoints.
extension FailureCode {
  /// The folder has an adapter, not a whole model.
  public static let checkpointAdapter = FailureCode(rawValue: "checkpoint.adapter")
  /// The folder has no config.json.
  public static let checkpointConfigMissing = FailureCode(rawValue: "checkpoint.config-missing")
  /// There is no memory for an aligned copy of a tensor.
  public static let checkpointCopyFailed = FailureCode(rawValue: "checkpoint.copy-failed")
  /// A file of the checkpoint does not exist.
  public static let checkpointFileMissing = FailureCode(rawValue: "checkpoint.file-missing")
  /// A name leads out of the folder of the checkpoint.
  public static let checkpointFileName = FailureCode(rawValue: "checkpoint.file-name")
  /// A file is larger than one of its name can be.
  public static let checkpointFileTooLarge = FailureCode(rawValue: "checkpoint.file-too-large")
  /// A file or folder may not be opened.
  public static let checkpointFileUnreadable = FailureCode(rawValue: "checkpoint.file-unreadable")
  /// The folder of the checkpoint does not exist.
  public static let checkpointFolderMissing = FailureCode(rawValue: "checkpoint.folder-missing")
  /// A safetensors file has bytes between two tensors that belong to none.
  public static let checkpointGap = FailureCode(rawValue: "checkpoint.gap")
  /// The files of a split GGUF model do not belong together.
  public static let checkpointGGUFSplit = FailureCode(rawValue: "checkpoint.gguf-split")
  /// A value in a GGUF file is malformed or of another kind than its key.
  public static let checkpointGGUFValue = FailureCode(rawValue: "checkpoint.gguf-value")
  /// The file is no GGUF file of a version that is read.
  public static let checkpointGGUFVersion = FailureCode(rawValue: "checkpoint.gguf-version")
  /// The header of a weight file lists a name twice.
  public static let checkpointHeaderDuplicate = FailureCode(rawValue: "checkpoint.header-duplicate")
  /// The header of a safetensors file is not JSON.
  public static let checkpointHeaderNotJSON = FailureCode(rawValue: "checkpoint.header-not-json")
  /// The header of a weight file is not UTF-8.
  public static let checkpointHeaderNotUTF8 = FailureCode(rawValue: "checkpoint.header-not-utf8")
  /// The header of a safetensors file is nested too deep.
  public static let checkpointHeaderTooDeep = FailureCode(rawValue: "checkpoint.header-too-deep")
  /// The header of a weight file is too long or lists too much.
  public static let checkpointHeaderTooLarge = FailureCode(rawValue: "checkpoint.header-too-large")
  /// A weight file ends within its header.
  public static let checkpointHeaderTruncated = FailureCode(rawValue: "checkpoint.header-truncated")
  /// The index of a split checkpoint lists a name twice.
  public static let checkpointIndexDuplicate = FailureCode(rawValue: "checkpoint.index-duplicate")
  /// The index of a split checkpoint lists no tensors.
  public static let checkpointIndexEmpty = FailureCode(rawValue: "checkpoint.index-empty")
  /// The index of a split checkpoint is not JSON.
  public static let checkpointIndexNotJSON = FailureCode(rawValue: "checkpoint.index-not-json")
  /// The index of a split checkpoint is not UTF-8.
  public static let checkpointIndexNotUTF8 = FailureCode(rawValue: "checkpoint.index-not-utf8")
  /// The index of a split checkpoint is nested too deep.
  public static let checkpointIndexTooDeep = FailureCode(rawValue: "checkpoint.index-too-deep")
  /// The index of a split checkpoint lists too many tensors.
  public static let checkpointIndexTooLarge = FailureCode(rawValue: "checkpoint.index-too-large")
  /// The file is a Git LFS pointer in place of the weights.
  public static let checkpointLFSPointer = FailureCode(rawValue: "checkpoint.lfs-pointer")
  /// A file cannot be mapped into memory.
  public static let checkpointMapFailed = FailureCode(rawValue: "checkpoint.map-failed")
  /// The path does not name a regular file.
  public static let checkpointNotAFile = FailureCode(rawValue: "checkpoint.not-a-file")
  /// The path does not name a folder.
  public static let checkpointNotAFolder = FailureCode(rawValue: "checkpoint.not-a-folder")
  /// Two tensors of a weight file share bytes.
  public static let checkpointOverlap = FailureCode(rawValue: "checkpoint.overlap")
  /// A tensor has another shape than the model expects.
  public static let checkpointShapeMismatch = FailureCode(rawValue: "checkpoint.shape-mismatch")
  /// Files that the index of a split checkpoint names are missing.
  public static let checkpointShardMissing = FailureCode(rawValue: "checkpoint.shard-missing")
  /// The index of a split checkpoint names a file outside the folder.
  public static let checkpointShardName = FailureCode(rawValue: "checkpoint.shard-name")
  /// The checkpoint lacks a tensor that the model needs.
  public static let checkpointTensorMissing = FailureCode(rawValue: "checkpoint.tensor-missing")
  /// A tensor is not in the file that the index says it is in.
  public static let checkpointTensorNotInShard = FailureCode(
    rawValue: "checkpoint.tensor-not-in-shard")
  /// The byte range of a tensor is malformed.
  public static let checkpointTensorOffsets = FailureCode(rawValue: "checkpoint.tensor-offsets")
  /// The shape of a tensor is malformed.
  public static let checkpointTensorShape = FailureCode(rawValue: "checkpoint.tensor-shape")
  /// The shape of a tensor does not agree with its byte range.
  public static let checkpointTensorSize = FailureCode(rawValue: "checkpoint.tensor-size")
  /// The element type of a tensor is missing or unknown.
  public static let checkpointTensorType = FailureCode(rawValue: "checkpoint.tensor-type")
  /// A safetensors file has bytes behind its last tensor.
  public static let checkpointTrailingData = FailureCode(rawValue: "checkpoint.trailing-data")
  /// A weight file ends before its last tensor does.
  public static let checkpointTruncated = FailureCode(rawValue: "checkpoint.truncated")
  /// A tensor has an element type that the model cannot be run with.
  public static let checkpointTypeUnsupported = FailureCode(rawValue: "checkpoint.type-unsupported")
  /// The weights are in another format than safetensors.
  public static let checkpointWeightsFormat = FailureCode(rawValue: "checkpoint.weights-format")
  /// The folder has no weights.
  public static let checkpointWeightsMissing = FailureCode(rawValue: "checkpoint.weights-missing")
  /// A file cannot be written.
  public static let checkpointWriteFailed = FailureCode(rawValue: "checkpoint.write-failed")
  /// The header to be written is longer than readers accept.
  public static let checkpointWriteHeader = FailureCode(rawValue: "checkpoint.write-header")
  /// The path to write to exists and is not a file.
  public static let checkpointWriteTarget = FailureCode(rawValue: "checkpoint.write-target")
  /// A tensor cannot be added to the file to be written.
  public static let checkpointWriteTensor = FailureCode(rawValue: "checkpoint.write-tensor")

  /// All codes of this area.
  static let checkpointCodes: [FailureCode] = [
    .checkpointAdapter, .checkpointConfigMissing, .checkpointCopyFailed, .checkpointFileMissing,
    .checkpointFileName,
    .checkpointFileTooLarge, .checkpointFileUnreadable, .checkpointFolderMissing, .checkpointGap,
    .checkpointGGUFSplit, .checkpointGGUFValue, .checkpointGGUFVersion,
    .checkpointHeaderDuplicate, .checkpointHeaderNotJSON, .checkpointHeaderNotUTF8,
    .checkpointHeaderTooDeep, .checkpointHeaderTooLarge, .checkpointHeaderTruncated,
    .checkpointIndexDuplicate, .checkpointIndexEmpty, .checkpointIndexNotJSON,
    .checkpointIndexNotUTF8, .checkpointIndexTooDeep, .checkpointIndexTooLarge,
    .checkpointLFSPointer, .checkpointMapFailed, .checkpointNotAFile, .checkpointNotAFolder,
    .checkpointOverlap, .checkpointShapeMismatch, .checkpointShardMissing, .checkpointShardName,
    .checkpointTensorMissing, .checkpointTensorNotInShard, .checkpointTensorOffsets,
    .checkpointTensorShape, .checkpointTensorSize, .checkpointTensorType, .checkpointTrailingData,
    .checkpointTruncated, .checkpointTypeUnsupported, .checkpointWeightsFormat,
    .checkpointWeightsMissing, .checkpointWriteFailed, .checkpointWriteHeader,
    .checkpointWriteTarget, .checkpointWriteTensor,
  ]
}
