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
        var line = JSONMembers(sizeInBytes: 512)
        line.add("time", Date().rfc3339)
        line.add("level", event.level.rawValue)
        line.add("message", event.message.description)
        let all = metadata.isEmpty ? event.metadata ?? [:] : metadata.merging(event.metadata ?? [:]) { $1 }
        for (name, value) in all.sorted(by: { $0.key < $1.key }) {
            if case .stringConvertible(let members as any LogMembers) = value {
                members.write(to: &line)
            } else {
                line.add(named: name, JSON(logged: value))
            }
        }
        sink.write(line.bytes(), urgently: event.level >= .warning)
    }
}

/// A value of metadata that stands for several members of the line. Metadata are a dictionary, and one for each request costs more
/// than writing the line.
protocol LogMembers: Sendable, CustomStringConvertible {
    func write(to line: inout JSONMembers)
}

extension LogMembers {
    /// The members as JSON, for another handler.
    var description: String {
        var members = JSONMembers(sizeInBytes: 512)
        write(to: &members)
        return String(decoding: members.bytes(), as: UTF8.self)
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
