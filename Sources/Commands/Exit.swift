import JobCommands

/// Runs a command's work; a `Failure` is printed to standard error and sets the exit status.
func exiting<T>(_ body: () throws -> T) throws -> T { try JobCommands.exiting(body) }
