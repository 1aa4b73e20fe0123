/// Numbers in tar headers: octal digits, or base 256 when they do not fit. Source: POSIX pax, "ustar"; GNU tar manual, "Extensions".
enum TarNumber {
    /// The number in `field`. Nil when it is none, negative, or beyond 63 bits. An empty field is 0.
    static func parse(_ field: UnsafeRawBufferPointer) -> Int64? {
        guard let first = field.first else { return 0 }
        if first & 0x80 != 0 { return base256(field) }
        var value: Int64 = 0
        var index = 0
        while index < field.count, field[index] == 0x20 || field[index] == 0 { index += 1 }
        while index < field.count, case let digit = field[index], digit >= 0x30, digit <= 0x37 {
            guard value <= Int64.max >> 3 else { return nil }
            value = value << 3 | Int64(digit - 0x30)
            index += 1
        }
        while index < field.count {
            guard field[index] == 0x20 || field[index] == 0 else { return nil }
            index += 1
        }
        return value
    }

    private static func base256(_ field: UnsafeRawBufferPointer) -> Int64? {
        // The second bit is the sign: nothing that is read here can be negative.
        guard let first = field.first, first & 0x40 == 0 else { return nil }
        var value = Int64(first & 0x3f)
        for byte in field.dropFirst() {
            guard value <= Int64.max >> 8 else { return nil }
            value = value << 8 | Int64(byte)
        }
        return value
    }

    /// Decimal digits and nothing else, as in PAX records and sparse maps. Nil beyond 63 bits.
    static func decimal(_ digits: some Collection<UInt8>) -> Int64? {
        guard !digits.isEmpty, digits.count <= 19 else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard digit >= 0x30, digit <= 0x39 else { return nil }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowOfSum) = tens.addingReportingOverflow(Int64(digit - 0x30))
            guard !overflow, !overflowOfSum else { return nil }
            value = sum
        }
        return value
    }
}
