import ArgumentParser
import Web

@main
enum Program {
  static func main() async { await WebCommand.main() }
}
