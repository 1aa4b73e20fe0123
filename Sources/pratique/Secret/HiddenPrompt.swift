import Foundation

/// Asks for a secret on the controlling terminal, which shows nothing of what is typed.
enum HiddenPrompt {
    static func read(label: String) throws -> [UInt8] {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else { throw CommandFailure("there is no terminal to ask for the \(label) on") }
        defer { close(terminal) }

        var before = termios()
        guard tcgetattr(terminal, &before) == 0 else {
            throw CommandFailure("cannot turn off the terminal's echo: \(BoundedInput.reason())")
        }
        var silent = before
        // Signals are off too, so that Ctrl-C cannot end the process and leave the terminal without echo.
        silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        withUnsafeMutableBytes(of: &silent.c_cc) { controls in
            controls[Int(VMIN)] = 1
            controls[Int(VTIME)] = 0
        }
        guard tcsetattr(terminal, TCSAFLUSH, &silent) == 0 else {
            throw CommandFailure("cannot turn off the terminal's echo: \(BoundedInput.reason())")
        }
        defer { _ = tcsetattr(terminal, TCSAFLUSH, &before) }

        write("\(label.prefix(1).uppercased())\(label.dropFirst()): ", to: terminal)
        defer { write("\n", to: terminal) }
        return try line(from: terminal)
    }

    private static func line(from terminal: Int32) throws -> [UInt8] {
        var line = PromptLine()
        var byte: UInt8 = 0
        while line.bytes.count <= SecretSource.limit {
            let count = Foundation.read(terminal, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { throw CommandFailure("the terminal went away") }
            switch line.accept(byte) {
            case .more: continue
            case .finished: return line.bytes
            case .cancelled: throw CommandFailure("cancelled; nothing was changed")
            }
        }
        // Too long: whoever reads on says so.
        return line.bytes
    }

    private static func write(_ text: String, to terminal: Int32) {
        _ = Array(text.utf8).withUnsafeBytes { Foundation.write(terminal, $0.baseAddress, $0.count) }
    }
}
