import Crypto
import ImageFixtures
import Layers
import OCI
import Testing

/// Reads a layer from `blob`, in pieces of `chunk` bytes, expecting what it is.
func read(
    _ blob: [UInt8],
    chunk: Int = 64 << 10,
    selector: any FileSelector = WholeFiles(),
    limits: LayerLimits = LayerLimits(),
    elapsed: (@Sendable () -> Duration)? = nil
) throws -> LayerContents {
    let expectation = LayerExpectation(digest: OCI.Digest(SHA256.hash(data: blob)), sizeInBytes: Int64(blob.count))
    return try read(blob, expecting: expectation, chunk: chunk, selector: selector, limits: limits, elapsed: elapsed)
}

func read(
    _ blob: [UInt8],
    expecting expectation: LayerExpectation,
    chunk: Int = 64 << 10,
    selector: any FileSelector = WholeFiles(),
    limits: LayerLimits = LayerLimits(),
    elapsed: (@Sendable () -> Duration)? = nil
) throws -> LayerContents {
    var reader = LayerReader(expecting: expectation, selector: selector, limits: limits, elapsed: elapsed)
    write(blob, to: &reader, chunk: chunk)
    return try reader.finish()
}

/// Writes all of it, whatever the reader says.
func write(_ blob: [UInt8], to reader: inout LayerReader, chunk: Int) {
    blob.withUnsafeBytes { all in
        for start in stride(from: 0, to: all.count, by: chunk) {
            reader.write(UnsafeRawBufferPointer(rebasing: all[start..<min(start + chunk, all.count)]))
        }
    }
}

extension LayerContents {
    /// Path and text of the kept files, in order.
    var texts: [String] { kept.map { "\($0.entry.path): \($0.text)" } }

    /// Why it is incomplete.
    var incompleteness: LayerIncompleteness? {
        if case .incomplete(let reason) = completeness { reason } else { nil }
    }
}

extension KeptFile {
    /// Its bytes as text, or what happened to it.
    var text: String {
        switch content {
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .reading(let reading): "read \(reading)"
        case .unreadable(let file): "unreadable, \(file.reason)"
        }
    }

    var bytes: [UInt8]? {
        if case .bytes(let bytes) = content { bytes } else { nil }
    }
}

extension FileSystem {
    /// `path = text @ layer` of each file.
    var listing: [String] { files().map { "\($0.path) = \($0.kept.text) @ \($0.layerIndex)" } }

    /// Of layers that are archives of what each body adds.
    init(_ layers: ((inout TarFixture) -> Void)..., selector: any FileSelector = WholeFiles()) throws {
        self.init(layers: try layers.map { try read(TarFixture.archive(.ustar, $0), selector: selector) })
    }
}
