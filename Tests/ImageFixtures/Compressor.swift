import CInflate

/// Compresses layers for tests, by the libraries that the engine reads them with.
package enum Compressor {
    /// A library would not compress.
    struct Failure: Error {}

    /// One gzip member.
    package static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        let stream = UnsafeMutablePointer<isal_zstream>.allocate(capacity: 1)
        defer { stream.deallocate() }
        isal_deflate_stateless_init(stream)
        stream.pointee.gzip_flag = UInt16(IGZIP_GZIP)
        stream.pointee.end_of_stream = 1
        var input = bytes
        var output = [UInt8](repeating: 0, count: bytes.count + bytes.count / 8 + 4096)
        let capacity = output.count
        let result = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.pointee.next_in = source.baseAddress
                stream.pointee.avail_in = UInt32(source.count)
                stream.pointee.next_out = target.baseAddress
                stream.pointee.avail_out = UInt32(target.count)
                return isal_deflate_stateless(stream)
            }
        }
        guard result == COMP_OK else { throw Failure() }
        output.removeLast(capacity - Int(stream.pointee.total_out))
        return output
    }

    /// One zstd frame; `windowLog` above 0 asks for a window of that size.
    package static func zstd(_ bytes: [UInt8], windowLog: Int32 = 0) throws -> [UInt8] {
        guard let context = ZSTD_createCCtx() else { throw Failure() }
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        if windowLog > 0 {
            ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowLog)
            // With the size in the frame, the window shrinks to it.
            ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0)
        }
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count) + 64)
        var source = bytes
        let count = source.withUnsafeMutableBytes { source in
            output.withUnsafeMutableBytes { target in
                guard windowLog > 0 else {
                    return ZSTD_compress2(context, target.baseAddress, target.count, source.baseAddress, source.count)
                }
                var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
                var written = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                ZSTD_compressStream2(context, &written, &input, ZSTD_e_flush)
                ZSTD_compressStream2(context, &written, &input, ZSTD_e_end)
                return written.pos
            }
        }
        guard ZSTD_isError(count) == 0 else { throw Failure() }
        return Array(output[..<count])
    }

    /// A frame that decoders pass over, as zstd:chunked and pzstd write them. Source: RFC 8878, section 3.1.2.
    package static func skippableFrame(_ content: [UInt8], number: UInt8 = 0) -> [UInt8] {
        let count = UInt32(content.count)
        let size = (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
        return [0x50 | number, 0x2a, 0x4d, 0x18] + size + content
    }
}
