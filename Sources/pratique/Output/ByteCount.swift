/// A number of bytes for people: `812 B`, `3.4 MB`. Units of a thousand, as registries show them.
enum ByteCount {
    static func text(_ bytes: Int64) -> String {
        guard bytes >= 1000 else { return "\(bytes) B" }
        var value = Double(bytes)
        for unit in ["kB", "MB", "GB", "TB"] {
            value /= 1000
            // 999,950 would be printed as 1000.0 of the smaller unit.
            if value < 999.95 || unit == "TB" {
                let tenths = Int64((value * 10).rounded())
                return "\(tenths / 10).\(tenths % 10) \(unit)"
            }
        }
        return "\(bytes) B"
    }
}
