"""The mutants: small mistakes, each with the suite that has to notice it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One replacement in one file."""

    file: str
    old: str  # occurs exactly once in the file
    new: str
    breaks: str  # what goes wrong, in words
    suite: str  # what `swift test --filter` is given
    equivalent: str = ""  # where no test can notice it: a sentence that says why

    @property
    def target(self):
        return self.file.split("/")[1]


# The targets whose code a suite runs, of those that are mutated. A mutant of any of them could make it
# fail, so two of them are never in the program at once.
WHOLE_PROGRAM = {"Merging", "Models", "Media", "MemoryPlanner"}
RUNS = {
    "MergePlanTests": {"Merging"},
    "MergeParameterTests": {"Merging"},
    "FrameSamplingTests": {"Media"},
    "OrientationTests": {"Media"},
    "RefusalTests": {"Media"},
    "SmartResizeTests": {"Models"},
    "TextRotaryTests": {"Models"},
    "TokenPositionsTests": {"Models"},
    "GoldenTests": WHOLE_PROGRAM,
    "BudgetTests": {"MemoryPlanner"},
    "LadderTests": WHOLE_PROGRAM,
    "DurabilityTests": {"Spool"},
    "TransferTests": {"Spool"},
    "RunningTests": {"Spool"},
    "idsSortByAge": {"Spool"},
}

MUTANTS = [
    Mutant(
        "Sources/Merging/Plan/MergePlan+Modes.swift",
        "where own[kept[index]] > own[kept[best]]",
        "where own[kept[index]] >= own[kept[best]]",
        "absorb: the last of equal survivors takes a row, not the first",
        "MergePlanTests"),
    Mutant(
        "Sources/Merging/Plan/MergePlan+Modes.swift",
        "(scores[a] == scores[b] && a < b)",
        "(scores[a] == scores[b] && a > b)",
        "ranking: of equal scores the later row stays",
        "MergePlanTests"),
    Mutant(
        "Sources/Merging/Parameters/Retention+Kept.swift",
        "clamp(count - Int((Double(count) * (1 - share)).rounded(.toNearestOrEven)), to: count)",
        "clamp(Int((Double(count) * share).rounded(.toNearestOrEven)), to: count)",
        "retention: the LLM rounds what it keeps, not what it removes",
        "MergeParameterTests"),
    Mutant(
        "Sources/Merging/Plan/MergePlan.swift",
        "sums[receiver] += sizes[donors[donor]]",
        "sums[receiver] = sizes[donors[donor]]",
        "sizes are not summed when rows are absorbed",
        "MergePlanTests"),
    Mutant(
        "Sources/Models/Shared/Text/PromptRows.swift",
        ": left.map { first + $0 }",
        ": left.indices.map { first + $0 }",
        "survivors get the first positions of the image, not their own",
        "GoldenTests"),
    Mutant(
        "Sources/Models/Shared/Vision/VisionPass.swift",
        "rotary?.keep(kept)",
        "_ = kept",
        "rotary angles of the image encoder are not gathered after merging",
        "GoldenTests"),
    Mutant(
        "Sources/Models/Shared/Text/TextRotary.swift",
        "index < sections[axis] * 3",
        "index < (sections[axis] + 1) * 3",
        "the sections of height and width are one frequency too long",
        "TextRotaryTests"),
    Mutant(
        "Sources/Models/Question/TokenPositions.swift",
        "next += max(down, across)",
        "next += across",
        "text behind a tall image starts after its width",
        "TokenPositionsTests"),
    Mutant(
        "Sources/Models/Shared/Text/PrefillPass.swift",
        "guard layer < features.count",
        "guard layer + 1 < features.count",
        "DeepStack: the last layer's features are not added",
        "GoldenTests"),
    Mutant(
        "Sources/Models/Qwen3VL/SmartResize.swift",
        "Int((h * grow / f).rounded(.up))",
        "Int((h * grow / f).rounded(.down))",
        "the height of a small picture grows to less than the least pixels",
        "SmartResizeTests"),
    Mutant(
        "Sources/Media/Videos/FrameSampling.swift",
        "min(max(number, minFrames), maxFrames, total)",
        "min(max(number, minFrames), maxFrames)",
        "more frames are taken than a short video has",
        "FrameSamplingTests"),
    Mutant(
        "Sources/Media/Pixels/Orientation.swift",
        "case 6: self.init(transposed: true, flipY: true)",
        "case 6: self.init(transposed: true, flipX: true)",
        "EXIF 6 is turned the wrong way round",
        "OrientationTests"),
    Mutant(
        "Sources/Media/Files/MediaLimits.swift",
        "guard overflow || area > pixels else",
        "guard overflow || area >= pixels else",
        "a picture of exactly as many pixels as allowed is refused",
        "RefusalTests"),
    Mutant(
        "Sources/MemoryPlanner/Budget/BudgetReader.swift",
        "held.addingClamped(available) - Self.reserve), source: .available))\n    }\n"
        "    return budgets.min {",
        "held.addingClamped(available) - Self.reserve), source: .available))\n    }\n"
        "    return budgets.max {",
        "the most generous limit counts, not the strictest",
        "BudgetTests"),
    Mutant(
        "Sources/MemoryPlanner/Budget/ControlGroups.swift",
        '["inactive_file", "active_file"]',
        '["inactive_file"]',
        "pages of files that were read lately count as held",
        "BudgetTests"),
    Mutant(
        "Sources/MemoryPlanner/Plan/MemoryPlanner.swift",
        "let product = Double(bytes) * margin",
        "let product = Double(bytes) + margin",
        "predictions are not multiplied with the margin",
        "LadderTests"),
    Mutant(
        "Sources/MemoryPlanner/Plan/MemoryPlanner.swift",
        "    return low\n",
        "    return high\n",
        "bisection: the smallest share that does not fit is taken",
        "LadderTests"),
    Mutant(
        "Sources/Spool/Files/Transfer.swift",
        "    try calls.call(.sync, to) { fsync(target) }\n",
        "",
        "a copy from another file system gets its name before it is on disk",
        "DurabilityTests"),
    Mutant(
        "Sources/Spool/Files/Transfer.swift",
        "      if !left.isEmpty { try target.folder(temporary).sync() }\n",
        "",
        "what is left out of a copied folder may be back after a power cut",
        "TransferTests"),
    Mutant(
        "Sources/Spool/Running/Backoff.swift",
        "min(most, first * doublings)",
        "first * doublings",
        "the wait before another attempt grows beyond the longest",
        "RunningTests"),
    Mutant(
        "Sources/Spool/Jobs/JobIDs.swift",
        "if milliseconds > last.milliseconds {",
        "if milliseconds >= last.milliseconds {",
        "ids of one millisecond are not in the order they were made",
        "idsSortByAge"),
    Mutant(
        "Sources/Spool/Store/JobStore+Changes.swift",
        "claim.created.subtractingClamped(claim.priority",
        "claim.created.addingClamped(claim.priority",
        "jobs of higher priority go later",
        "RunningTests"),
]
