// swift-tools-version: 6.2
import PackageDescription

// One target per part of the design; dependencies only point down this list, which Tests/layout checks.

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "illava",
  products: [
    .executable(name: "illava", targets: ["illava"]),
    .executable(name: "illavad", targets: ["illavad"]),
    .executable(name: "illava-daemon", targets: ["illava-daemon"]),
    .executable(name: "illava-front", targets: ["illava-front"]),
    .executable(name: "illava-manual", targets: ["illava-manual"]),
    .executable(name: "illava-web", targets: ["illava-web"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
  ],
  targets: [
    // The whole command line.
    .executableTarget(name: "illava", dependencies: ["Commands"], swiftSettings: strict),

    // The command line and the daemon with one more model family; for tests only.
    .executableTarget(
      name: "illava-skeleton",
      dependencies: ["Skeleton", "Commands", "DaemonCommands", "Models"],
      path: "Tests/illava-skeleton", swiftSettings: strict),
    .target(
      name: "Skeleton",
      dependencies: ["Models", "Merging", "Media", "Tokenizer", "Compute", "Diagnostics"],
      path: "Tests/Skeleton", swiftSettings: strict),

    // What the command line can do: parsing, printing, wiring.
    .target(
      name: "Commands",
      dependencies: [
        "JobCommands", "Spool", "Terminal", "OptionArguments", "Evaluation", "Report", "Engine",
        "MemoryPlanner", "Models", "Merging", "Media", "Tokenizer", "Checkpoint", "Compute",
        "Answers", "Options", "Basics", "Diagnostics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // What is installed as `illava`: job commands here, all others by the whole program. It links
    // no media libraries, so that `illava status` is there at once.
    .executableTarget(
      name: "illava-front",
      dependencies: [
        "JobCommands", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // The part of the command line that is about the jobs of a daemon.
    .target(
      name: "JobCommands",
      dependencies: [
        "Spool", "WorkerProtocol", "Terminal", "OptionArguments", "Answers", "Options", "Basics",
        "Diagnostics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // The options of a question as arguments of commands.
    .target(
      name: "OptionArguments",
      dependencies: [
        "Options", "Diagnostics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // What is run as the daemon: it holds signals and becomes the next one, whose libraries take long
    // to load.
    .executableTarget(
      name: "illavad", dependencies: ["CDaemonStart"],
      cSettings: [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]),

    // The daemon and, in a child process, its worker.
    .executableTarget(
      name: "illava-daemon", dependencies: ["DaemonCommands"], swiftSettings: strict),

    // The command lines of both.
    .target(
      name: "DaemonCommands",
      dependencies: [
        "Spool", "Worker", "WorkerProtocol", "Report", "CDaemonStart", "Basics", "Diagnostics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // The page and the interfaces over HTTP, as a process of its own: the daemon has no network.
    .executableTarget(
      name: "illava-web",
      dependencies: [
        "Web", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // What is served: pages, live events, and the routes to everything.
    .target(
      name: "Web",
      dependencies: [
        "WebAPI", "WebServer", "Spool", "WorkerProtocol", "Answers", "Options", "Basics",
        "Diagnostics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // The interfaces of OpenAI and Ollama: their requests as jobs, answers as their replies.
    .target(
      name: "WebAPI",
      dependencies: [
        "WebServer", "Spool", "WorkerProtocol", "Answers", "Options", "Basics", "Diagnostics",
      ],
      swiftSettings: strict),

    // HTTP/1.1: connections, limits, bodies piece by piece. It knows nothing of jobs.
    .target(
      name: "WebServer",
      dependencies: [
        "Diagnostics", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: strict),

    // Manual pages from what a program says about itself; for packaging only.
    .executableTarget(name: "illava-manual", dependencies: ["Manual"], swiftSettings: strict),
    .target(name: "Manual", swiftSettings: strict),

    // Damaged texts for everything that reads texts of others; for tests only.
    .executableTarget(
      name: "illava-fuzz",
      dependencies: [
        "Spool", "TOML", "Models", "Tokenizer", "Checkpoint", "Grounding", "Basics", "Diagnostics",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // The tokens that forms of answers allow, for comparison with others; for tests only.
    .executableTarget(
      name: "illava-masks", dependencies: ["Grammar", "Tokenizer", "Basics", "Diagnostics"],
      path: "Tests/illava-masks", swiftSettings: strict),

    // Inbox, claims, the job store, running, outbox. No model and no media code.
    .target(
      name: "Spool",
      dependencies: [
        "TOML", "WorkerProtocol", "CLinux", "Answers", "Options", "Basics", "Diagnostics",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),

    // The child process that answers jobs with an engine.
    .target(
      name: "Worker",
      dependencies: [
        "WorkerProtocol", "CLinux", "Report", "Engine", "MemoryPlanner", "Models", "Merging",
        "Media", "Answers", "Options", "Basics", "Diagnostics",
      ],
      swiftSettings: strict),

    // What daemon and worker say to each other.
    .target(
      name: "WorkerProtocol", dependencies: ["Answers", "Options", "Diagnostics"],
      swiftSettings: strict),

    // Accuracy, tokens, seconds and memory on a data set, profile by profile.
    .target(
      name: "Evaluation",
      dependencies: [
        "Report", "Engine", "MemoryPlanner", "Models", "Merging", "Media", "Terminal", "Options",
        "Basics", "Diagnostics",
      ],
      swiftSettings: strict),

    // The answer as JSON, as pictures and as a page.
    .target(
      name: "Report",
      dependencies: [
        "Engine", "MemoryPlanner", "Models", "Merging", "Media", "Grounding", "Terminal", "Answers",
        "Options", "Basics", "Diagnostics",
      ],
      swiftSettings: strict),

    // Tables and colors.
    .target(name: "Terminal", dependencies: ["Diagnostics"], swiftSettings: strict),

    // One question from media to words.
    .target(
      name: "Engine",
      dependencies: [
        "MemoryPlanner", "Models", "Merging", "Media", "Tokenizer", "Checkpoint", "Compute",
        "Grammar", "Grounding", "CLinux", "Options", "Basics", "Diagnostics",
      ],
      swiftSettings: strict),

    // How much memory there is, and what fits into it.
    .target(
      name: "MemoryPlanner",
      dependencies: ["Models", "Merging", "Compute", "Options", "Basics", "Diagnostics"],
      swiftSettings: strict),

    // One folder per model family.
    .target(
      name: "Models",
      dependencies: [
        "Merging", "Media", "Tokenizer", "Checkpoint", "Compute", "Grounding", "Options", "Basics",
        "Diagnostics",
      ],
      swiftSettings: strict),

    // iLLaVA: which rows stay, and what flows into them.
    .target(
      name: "Merging", dependencies: ["Compute", "Options", "Basics", "Diagnostics"],
      exclude: ["README.md"], swiftSettings: strict),

    // Pictures and videos through FFmpeg.
    .target(
      name: "Media",
      dependencies: [
        "CFFmpeg", "CLight", "CImages", "CPoppler", "Options", "Basics", "Diagnostics",
      ],
      swiftSettings: strict),

    // Byte-level BPE, and SentencePiece's BPE.
    .target(name: "Tokenizer", dependencies: ["Basics", "Diagnostics"], swiftSettings: strict),

    // Hugging Face folders, config.json and safetensors; and GGUF files.
    .target(
      name: "Checkpoint", dependencies: ["Compute", "Basics", "Diagnostics"], swiftSettings: strict),

    // Matrices, linear layers, attention, norms, rotary, threads.
    .target(
      name: "Compute", dependencies: ["CKernels", "COpenBLAS", "Diagnostics"],
      swiftSettings: strict),

    // The forms that answers can be bound to: JSON Schemas and regular expressions as automata, and the
    // tokens that they allow.
    .target(name: "Grammar", dependencies: ["Basics", "Diagnostics"], swiftSettings: strict),

    // `answer.json` as values, for those who write it and for those who only read it.
    .target(
      name: "Answers", dependencies: ["Options", "Basics", "Diagnostics"], swiftSettings: strict),

    // Boxes and points in the texts of answers.
    .target(name: "Grounding", swiftSettings: strict),

    // Documents of TOML 1.0 as values with their lines.
    .target(name: "TOML", swiftSettings: strict),

    // The table of what may be chosen for a question, and the values of options.
    .target(name: "Options", dependencies: ["Diagnostics"], swiftSettings: strict),

    // What several of these need and none of them is about: JSON, amounts, digests, files of the
    // system, tables, threads.
    .target(name: "Basics", dependencies: ["Diagnostics"], swiftSettings: strict),

    // The one error type, and text from elsewhere made fit to be shown.
    .target(name: "Diagnostics", swiftSettings: strict),

    // C kernels: one source, built for several instruction sets, chosen at run time. They are
    // optimized in debug builds too, or the tests would spend their time here.
    .target(
      name: "CKernels",
      cSettings: [
        .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
        .unsafeFlags(["-O3", "-fno-math-errno"]),
      ]),

    // HDR, wide gamut and unusual matrices through zimg; optimized in debug builds, too.
    .target(
      name: "CLight", dependencies: ["CFFmpeg"],
      cSettings: [
        .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
        .unsafeFlags(["-O3", "-fno-math-errno"]),
      ]),

    // System calls that Swift's C library module leaves out.
    .target(
      name: "CLinux",
      cSettings: [
        .define("_GNU_SOURCE"), .enableWarning("all"), .enableWarning("extra"),
        .treatAllWarnings(as: .error),
      ]),

    // What the daemon does before anything else.
    .target(
      name: "CDaemonStart",
      cSettings: [
        .define("_GNU_SOURCE"), .enableWarning("all"), .enableWarning("extra"),
        .treatAllWarnings(as: .error),
      ]),

    // Pages of PDF documents; in C++, as the library is.
    .target(
      name: "CPoppler",
      cxxSettings: [
        .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
      ],
      linkerSettings: [.linkedLibrary("poppler-cpp")]),

    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(
      name: "CFFmpeg", pkgConfig: "libavformat libavcodec libavfilter libswscale libavutil zimg",
      providers: [
        .apt([
          "libavformat-dev", "libavcodec-dev", "libavfilter-dev", "libswscale-dev", "libavutil-dev",
          "libzimg-dev",
        ])
      ]),
    // The formats of images that FFmpeg reads not at all or in part.
    .systemLibrary(
      name: "CImages", pkgConfig: "libtiff-4 libheif libwebpdemux libwebp",
      providers: [.apt(["libtiff-dev", "libheif-dev", "libwebp-dev"])]),

    // Failures and their codes; looks at the sources of all parts, too.
    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"]),
    .testTarget(name: "BasicsTests", dependencies: ["Basics", "Diagnostics"]),
    .testTarget(name: "OptionsTests", dependencies: ["Options", "Diagnostics"]),
    .testTarget(
      name: "OptionArgumentsTests",
      dependencies: [
        "OptionArguments", "Options", "Diagnostics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(name: "TOMLTests", dependencies: ["TOML"]),
    .testTarget(name: "GrammarTests", dependencies: ["Grammar", "Diagnostics"]),
    .testTarget(name: "GroundingTests", dependencies: ["Grounding"]),
    .testTarget(name: "ManualTests", dependencies: ["Manual"]),
    .testTarget(
      name: "TokenizerTests", dependencies: ["Tokenizer", "Basics", "Diagnostics"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "MediaTests", dependencies: ["Media", "Options", "Basics", "Diagnostics"],
      exclude: ["Cases"]),
    .testTarget(
      name: "CheckpointTests", dependencies: ["Checkpoint", "Compute", "Basics", "Diagnostics"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "ComputeTests", dependencies: ["Compute", "CKernels", "Basics", "Diagnostics"]),
    .testTarget(
      name: "MemoryPlannerTests",
      dependencies: [
        "MemoryPlanner", "Engine", "Models", "Merging", "Compute", "Options", "Basics",
        "Diagnostics",
      ]),
    .testTarget(
      name: "MergingTests",
      dependencies: ["Merging", "Compute", "Options", "Basics", "Diagnostics"]),
    .testTarget(
      name: "SkeletonTests",
      dependencies: [
        "Skeleton", "Report", "Engine", "Models", "Merging", "Media", "Checkpoint", "Answers",
        "Options", "Diagnostics",
      ]),
    // Answers with the small checkpoints of EngineTests, found by the source file's place.
    .testTarget(
      name: "EvaluationTests",
      dependencies: [
        "Evaluation", "Report", "Engine", "Models", "Merging", "Options", "Basics", "Diagnostics",
      ]),
    .testTarget(
      name: "ReportTests",
      dependencies: [
        "Report", "Engine", "MemoryPlanner", "Models", "Merging", "Media", "Compute", "Grounding",
        "Answers", "Options", "Basics", "Diagnostics",
      ]),
    .testTarget(
      name: "SpoolTests",
      dependencies: [
        "JobCommands", "Spool", "WorkerProtocol", "Terminal", "CLinux", "Answers", "Options",
        "Basics", "Diagnostics",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "WebTests",
      dependencies: [
        "Web", "WebAPI", "WebServer", "Spool", "WorkerProtocol", "Basics", "Diagnostics",
      ]),
    .testTarget(
      name: "EngineTests",
      dependencies: [
        "Report", "Engine", "MemoryPlanner", "Models", "Merging", "Media", "Tokenizer",
        "Checkpoint", "Compute", "Grammar", "Grounding", "Answers", "Options", "Basics",
        "Diagnostics",
      ],
      resources: [.copy("Fixtures")]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
