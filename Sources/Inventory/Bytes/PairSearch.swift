extension ByteView {
    /// Where `first` first stands at or after `offset` with one of `seconds` right behind it.
    ///
    /// Sixteen places at a time: whole executables pass through here, and a pair of bytes is far rarer than one.
    func firstPair(_ first: UInt8, _ seconds: SIMD4<UInt8>, from offset: Int) -> Int? {
        var place = offset
        guard place >= 0 else { return nil }
        let wanted = SIMD16<UInt8>(repeating: first)
        while place + 17 <= bytes.count {
            let here = bytes.loadUnaligned(fromByteOffset: place, as: SIMD16<UInt8>.self)
            let isFirst = here .== wanted
            if any(isFirst) {
                let behind = bytes.loadUnaligned(fromByteOffset: place + 1, as: SIMD16<UInt8>.self)
                let isSecond =
                    (behind .== SIMD16(repeating: seconds[0])) .| (behind .== SIMD16(repeating: seconds[1]))
                    .| (behind .== SIMD16(repeating: seconds[2])) .| (behind .== SIMD16(repeating: seconds[3]))
                let both = isFirst .& isSecond
                if any(both) {
                    for lane in 0..<16 where both[lane] { return place + lane }
                }
            }
            place += 16
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
}
