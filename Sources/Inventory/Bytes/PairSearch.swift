extension ByteView {
    /// Where `first` first stands at or after `offset` with one of `seconds` right behind it.
    ///
    /// Thirty-two places at a time: whole executables pass through here, and a pair of bytes is far rarer than one.
    func firstPair(_ first: UInt8, _ seconds: SIMD4<UInt8>, from offset: Int) -> Int? {
        var place = offset
        guard place >= 0 else { return nil }
        let wanted = SIMD32<UInt8>(repeating: first)
        let behind = (
            SIMD32<UInt8>(repeating: seconds[0]), SIMD32<UInt8>(repeating: seconds[1]),
            SIMD32<UInt8>(repeating: seconds[2]), SIMD32<UInt8>(repeating: seconds[3])
        )
        while place + 33 <= bytes.count {
            let here = bytes.loadUnaligned(fromByteOffset: place, as: SIMD32<UInt8>.self)
            let isFirst = here .== wanted
            if ByteView.isAny(isFirst) {
                let next = bytes.loadUnaligned(fromByteOffset: place + 1, as: SIMD32<UInt8>.self)
                let isSecond = (next .== behind.0) .| (next .== behind.1) .| (next .== behind.2) .| (next .== behind.3)
                let both = isFirst .& isSecond
                if ByteView.isAny(both) {
                    for lane in 0..<32 where both[lane] { return place + lane }
                }
            }
            place += 32
        }
        while place + 1 < bytes.count {
            let second = bytes[place + 1]
            if bytes[place] == first,
                second == seconds[0] || second == seconds[1] || second == seconds[2] || second == seconds[3]
            {
                return place
            }
            place += 1
        }
        return nil
    }

    /// `any` of the standard library looks at each lane; four numbers are quicker.
    @inline(__always)
    private static func isAny(_ mask: SIMDMask<SIMD32<Int8>>) -> Bool {
        let words = unsafeBitCast(mask, to: SIMD4<UInt64>.self)
        return words[0] | words[1] | words[2] | words[3] != 0
    }
}
