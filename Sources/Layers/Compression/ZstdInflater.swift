import CInflate

/// Inflates a zstd stream of one frame or more, skippable ones included, by libzstd. Source: RFC 8878.
final class ZstdInflater {
    private let context: OpaquePointer?
    private let windowLog: Int32
    private(set) var isAtEnd = false

    /// `windowLog`: frames that need a larger window are refused, since it is memory.
    init(windowLog: Int) {
        context = ZSTD_createDCtx()
        self.windowLog = Int32(clamping: max(10, min(windowLog, 31)))
        if let context { ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, self.windowLog) }
    }

    deinit { ZSTD_freeDCtx(context) }

    /// Reads from `input`, which moves on, and writes to `output` from its start.
    func inflate(
        _ input: inout UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) -> InflateStep {
        // A call without input at the end of a frame would begin the next one, and then miss it.
        if isAtEnd, input.isEmpty { return InflateStep(produced: 0, isStarved: true) }
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let result = ZSTD_decompressStream(context, &target, &source)
        input = UnsafeRawBufferPointer(rebasing: input[source.pos...])
        guard ZSTD_isError(result) == 0 else {
            let code = ZSTD_getErrorCode(result)
            if code == ZSTD_error_frameParameter_windowTooLarge {
                return InflateStep(produced: target.pos, isStarved: true, failure: .limit(.zstdWindow))
            }
            return .damaged(String(cString: ZSTD_getErrorName(result)), produced: target.pos)
        }
        isAtEnd = result == 0
        return InflateStep(produced: target.pos, isStarved: input.isEmpty && (isAtEnd || target.pos < target.size))
    }
}
