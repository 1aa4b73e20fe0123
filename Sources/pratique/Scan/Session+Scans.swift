import Foundation

extension Session {
    /// One scan of the command's project.
    func scan(_ id: ResourceID, of project: ResourceID) async throws -> Received<Scan> {
        try await client.send(.get(APIPath("project", "\(project)", "scan", "\(id)"))).decoded()
    }

    /// Looks at a scan until it has ended, and draws how far it is where standard error is a terminal.
    func watch(_ id: ResourceID, of project: ResourceID) async throws -> Received<Scan> {
        let line = ProgressLine(variables: ClientSettings.processVariables)
        defer { line.wipe() }
        while true {
            let now = try await scan(id, of: project)
            if now.value.isFinal { return now }
            line.draw(now.value)
            try await Task.sleep(for: ProgressLine.interval)
        }
    }
}

/// How far a scan of the server is, in one line that is drawn over.
struct ProgressLine: Sendable {
    /// Often enough for eyes, seldom enough for a server with many who watch.
    static let interval = Duration.milliseconds(500)
    private static let cells = 28
    private let isShown: Bool

    init(variables: [String: String]) {
        isShown = isatty(STDERR_FILENO) == 1 && variables["TERM"] != "dumb"
    }

    /// `pull       [######      ]  40%`.
    static func text(_ scan: Scan) -> String {
        let share = min(max(scan.progress, 0), 100)
        let filled = share * cells / 100
        let bar = String(repeating: "#", count: filled) + String(repeating: " ", count: cells - filled)
        let step = PrintableText.strip(String(scan.step.prefix(10)))
        return step + String(repeating: " ", count: max(0, 10 - step.count)) + " [\(bar)]  \(share)%"
    }

    func draw(_ scan: Scan) { put("\r\u{1B}[K" + ProgressLine.text(scan)) }

    func wipe() { put("\r\u{1B}[K") }

    private func put(_ text: String) {
        guard isShown else { return }
        // A terminal that is gone needs no line.
        _ = Array(text.utf8).withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
