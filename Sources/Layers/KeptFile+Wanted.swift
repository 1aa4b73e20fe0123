extension KeptFile.Content {
    /// What a hard link has that is wanted in the way of `interest`, when this was made of its file. Nil when that is nothing.
    func asWanted(_ interest: FileInterest) -> KeptFile.Content? {
        switch (self, interest) {
        case (_, .none): return nil
        case (.unreadable, _): return self
        case (.bytes(let bytes), .whole(let limit)):
            return bytes.count <= limit ? self : .unreadable(.larger(than: limit))
        case (.bytes(let bytes), .streamed(var reader)):
            do throws(UnreadableFile) {
                bytes.withUnsafeBytes { all in
                    for start in stride(from: 0, to: all.count, by: 64 << 10) {
                        reader.read(UnsafeRawBufferPointer(rebasing: all[start..<min(start + 64 << 10, all.count)]))
                    }
                }
                return try reader.finish().map { .reading($0) }
            } catch {
                return .unreadable(error)
            }
        case (.reading, .streamed): return self
        case (.reading, .whole): return .unreadable(UnreadableFile("a hard link to a file whose bytes were not kept"))
        }
    }
}

extension UnreadableFile {
    static func larger(than limit: Int) -> UnreadableFile {
        UnreadableFile("the file is larger than the \(limit) bytes that are read of its kind")
    }
}
