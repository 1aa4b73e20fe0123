import Foundation
public import Logging

/// Writes one JSON object a line: `time`, `level`, `message`, then the metadata as members of their own.
public struct JSONLogHandler: LogHandler {
    /// What is logged at all.
    public var logLevel: Logger.Level
    /// Metadata of every line.
    public var metadata: Logger.Metadata = [:]
    private let sink: LogSink

    /// A handler that writes to `sink`.
    public init(sink: LogSink, level: Logger.Level) {
        self.sink = sink
        logLevel = level
    }

    /// One value of ``metadata``.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var members: [(String, JSON?)] = [
            ("time", .time(Date())), ("level", .string(event.level.rawValue)),
            ("message", .string(event.message.description)),
        ]
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        members += all.sorted { $0.key < $1.key }.map { ($0.key, JSON(logged: $0.value)) }
        var line = JSON.object(members).bytes
        line.append(UInt8(ascii: "\n"))
        sink.write(line, urgently: event.level >= .warning)
    }
}

extension JSON {
    fileprivate init(logged value: Logger.Metadata.Value) {
        switch value {
        case .string(let text): self = .string(text)
        case .stringConvertible(let number as any BinaryInteger): self = .integer(Int(truncatingIfNeeded: number))
        case .stringConvertible(let other): self = .string(other.description)
        case .array(let items): self = .array(items.map(JSON.init(logged:)))
        case .dictionary(let members):
            self = .object(members.sorted { $0.key < $1.key }.map { ($0.key, JSON(logged: $0.value)) })
        }
    }
}
