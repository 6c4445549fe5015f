import ArgumentParser

@main
struct Illava: ParsableCommand {}
