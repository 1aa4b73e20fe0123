import CInflate

/// Inflates a gzip stream of one member or more, by ISA-L. Header and trailer of each member are checked.
///
/// Zero bytes after the last member are padding. Source: RFC 1952; GNU gzip, "trailing garbage".
final class GzipInflater {
    private enum Place { case inHeader, inMember, betweenMembers, inPadding }

    private let state = pratique_inflate_state_make()
    private var place = Place.inHeader
    private var header = GzipHeader()

    deinit { pratique_inflate_state_free(state) }

    /// Whether the stream may end here.
    var isAtEnd: Bool { place == .betweenMembers || place == .inPadding }

    /// Reads from `input`, which moves on, and writes to `output` from its start.
    func inflate(
        _ input: inout UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) -> InflateStep {
        if isAtEnd {
            guard let first = input.first else { return InflateStep(produced: 0, isStarved: true) }
            if place == .inPadding || first == 0 {
                place = .inPadding
                guard input.allSatisfy({ $0 == 0 }) else { return .damaged("something follows the last gzip member") }
                input = UnsafeRawBufferPointer(rebasing: input[input.count...])
                return InflateStep(produced: 0, isStarved: true)
            }
            guard first == 0x1f else { return .damaged("something follows the last gzip member") }
            place = .inHeader
            header = GzipHeader()
        }
        if place == .inHeader {
            switch header.read(&input) {
            case .needsMore: return InflateStep(produced: 0, isStarved: true)
            case .damaged(let reason): return .damaged(reason)
            case .complete:
                place = .inMember
                isal_inflate_reset(state)
                // The checksum and the length in the trailer are compared.
                state.pointee.crc_flag = UInt32(ISAL_GZIP_NO_HDR_VER)
            }
        }
        // The library counts in 32 bits.
        let offered = min(input.count, 1 << 30)
        let source = input.bindMemory(to: UInt8.self).baseAddress
        state.pointee.next_in = UnsafeMutablePointer(mutating: source)
        state.pointee.avail_in = UInt32(offered)
        state.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
        state.pointee.avail_out = UInt32(truncatingIfNeeded: output.count)
        let result = isal_inflate(state)
        let taken = offered - Int(state.pointee.avail_in)
        let produced = output.count - Int(state.pointee.avail_out)
        // Of damaged data it may give back more than it was given: bits that it had buffered from the piece before.
        guard result == ISAL_DECOMP_OK || result == ISAL_END_INPUT, taken >= 0, produced >= 0 else {
            return .damaged(Self.reason(of: result), produced: max(0, produced))
        }
        input = UnsafeRawBufferPointer(rebasing: input[taken...])
        if state.pointee.block_state == ISAL_BLOCK_FINISH { place = .betweenMembers }
        guard taken > 0 || produced > 0 || offered == 0 || isAtEnd else { return .damaged("not valid deflate data") }
        // Room left over and no end in sight: it wants more input.
        return InflateStep(produced: produced, isStarved: input.isEmpty && produced < output.count)
    }

    private static func reason(of result: Int32) -> String {
        switch result {
        case ISAL_INCORRECT_CHECKSUM: "a gzip checksum is wrong"
        case ISAL_INVALID_LOOKBACK: "it refers to before its start"
        default: "not valid deflate data"
        }
    }
}
