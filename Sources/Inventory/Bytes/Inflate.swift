import CInflate
import Layers

/// Deflated data of one piece, expanded by ISA-L within a limit.
enum Inflate {
    /// What stands around the deflated data.
    enum Wrapping { case none, zlib }

    /// What came out.
    struct Outcome {
        /// At most the limit.
        var bytes: [UInt8]
        /// Whether the stream came to its end and its check sum is right. Otherwise the input or the room ended first.
        var isComplete: Bool
    }

    /// Expands `input` as far as it goes. Nil when it is damaged.
    static func expand(_ input: ByteView, wrapping: Wrapping, limit: Int, expected: Int = 0) -> Outcome? {
        guard let base = input.bytes.baseAddress, input.count <= Int(UInt32.max), limit >= 0 else { return nil }
        let state = pratique_inflate_state_make()
        defer { pratique_inflate_state_free(state) }
        state.pointee.crc_flag = UInt32(wrapping == .zlib ? ISAL_ZLIB : ISAL_DEFLATE)
        // The library reads from it and never writes; its header lacks the const.
        state.pointee.next_in = UnsafeMutablePointer(mutating: base.assumingMemoryBound(to: UInt8.self))
        state.pointee.avail_in = UInt32(input.count)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(limit, max(expected, min(limit, pieceInBytes))))
        while true {
            let room = min(pieceInBytes, limit - bytes.count)
            guard room > 0 else { return Outcome(bytes: bytes, isComplete: false) }
            var isDamaged = false
            let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                state.pointee.next_out = buffer.baseAddress
                state.pointee.avail_out = UInt32(room)
                let status = isal_inflate(state)
                isDamaged = status != ISAL_DECOMP_OK && status != ISAL_END_INPUT && status != ISAL_OUT_OVERFLOW
                count = room - Int(state.pointee.avail_out)
            }
            guard !isDamaged else { return nil }
            bytes += piece
            if state.pointee.block_state == ISAL_BLOCK_FINISH { return Outcome(bytes: bytes, isComplete: true) }
            // Nothing more came out although there was room: the input is at its end.
            if piece.count < room { return Outcome(bytes: bytes, isComplete: false) }
        }
    }

    /// CRC-32 as in gzip and zip, of `view` behind what has the sum `before`.
    static func crc32(of view: ByteView, after before: UInt32 = 0) -> UInt32 {
        guard let base = view.bytes.baseAddress else { return before }
        return crc32_gzip_refl(before, base.assumingMemoryBound(to: UInt8.self), UInt64(view.count))
    }

    private static let pieceInBytes = 128 << 10
}
