import Foundation

/// Reads files and streams that somebody else made, up to a limit.
enum BoundedInput {
    /// All bytes of the file at `path`. Throws when there are more than `limit`, or when it cannot be read.
    static func read(path: String, limit: Int) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandFailure("cannot read \(path): \(reason())") }
        defer { close(descriptor) }
        return try read(descriptor: descriptor, name: path, limit: limit)
    }

    /// All bytes up to the end of `descriptor`; `name` is for the error.
    static func read(descriptor: Int32, name: String, limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Foundation.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CommandFailure("cannot read \(name): \(reason())") }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw CommandFailure("\(name) holds more than \(limit) bytes") }
        }
    }

    /// The system's words for the last error.
    static func reason() -> String {
        String(cString: strerror(errno))
    }
}
