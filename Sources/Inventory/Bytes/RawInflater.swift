import CInflate
import Layers

/// Inflates deflated data with nothing around it, piece by piece, by ISA-L.
final class RawInflater {
    /// What one call did.
    struct Step {
        /// How much of the input was used. At the end it may be less than nothing: what was taken before was too much.
        var taken = 0
        /// How much was written.
        var produced = 0
        /// The data came to its end.
        var isEnded = false
        /// It is no such data.
        var isDamaged = false
    }

    private let state = pratique_inflate_state_make()

    deinit { pratique_inflate_state_free(state) }

    /// What it may have taken too much of what it was given last, and before that.
    static let aheadInBytes = 8

    /// Goes back to a beginning.
    func reset() {
        isal_inflate_reset(state)
        state.pointee.crc_flag = UInt32(ISAL_DEFLATE)
    }

    /// Reads from `input` and writes to `output` until one of them, or the data, is at its end. Less than all room is used only
    /// when nothing more comes of the input so far.
    func inflate(_ input: ByteView, into output: UnsafeMutableRawBufferPointer) -> Step {
        // The library counts in 32 bits.
        let offered = min(input.count, 1 << 30)
        let room = min(output.count, 1 << 30)
        // The library reads from it and never writes; its header lacks the const.
        state.pointee.next_in = UnsafeMutablePointer(
            mutating: input.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        )
        state.pointee.avail_in = UInt32(offered)
        state.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        state.pointee.avail_out = UInt32(room)
        let status = isal_inflate(state)
        let taken = offered - Int(state.pointee.avail_in)
        let produced = max(0, room - Int(state.pointee.avail_out))
        // Of damaged data it may give back more than it was given: bits that it had buffered from the piece before.
        guard status == ISAL_DECOMP_OK || status == ISAL_END_INPUT || status == ISAL_OUT_OVERFLOW, taken >= 0 else {
            return Step(taken: max(0, taken), produced: produced, isDamaged: true)
        }
        if state.pointee.block_state == ISAL_BLOCK_FINISH {
            // It reads ahead, eight bytes at most, and gives nothing back.
            return Step(taken: taken - Int(state.pointee.read_in_length) / 8, produced: produced, isEnded: true)
        }
        // Neither side moved though both could: it would not, ever.
        let isStuck = taken == 0 && produced == 0 && offered > 0 && room > 0
        return Step(taken: taken, produced: produced, isDamaged: isStuck)
    }
}
