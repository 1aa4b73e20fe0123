extension IPAddress {
    /// What an address reaches, as far as policy cares.
    enum Reach: Sendable {
        /// The public internet.
        case global
        /// Private use: RFC 1918, RFC 4193, and RFC 6598 (carrier-grade NAT, which clouds use for pods).
        case local
        /// This machine.
        case loopback
        /// Link-local, metadata services, multicast, unspecified, broadcast, documentation, reserved.
        case never
    }

    /// What this address reaches. IPv4 inside IPv6 (mapped, compatible, translated, NAT64, 6to4, ISATAP) is judged as what it is.
    /// Sources: the IANA registries of special-purpose addresses; the clouds' documents for their metadata services.
    var reach: Reach {
        if bytes.count == 4 { return IPAddress.reachOfIPv4(bytes[...]) }
        if let inner = embeddedIPv4 { return IPAddress.reachOfIPv4(inner) }
        if IPAddress.metadataIPv6.contains(where: has) { return .never }
        if has((Array(repeating: 0, count: 15) + [1], 128)) { return .loopback }
        if has(([0xfc], 7)) { return .local }
        // Only 2000::/3 is given out; within it some blocks are no hosts.
        guard has(([0x20], 3)), !IPAddress.unusableIPv6.contains(where: has) else { return .never }
        return .global
    }

    private typealias Block = (prefix: [UInt8], bits: Int)

    private var embeddedIPv4: ArraySlice<UInt8>? {
        let zeros: [UInt8] = Array(repeating: 0, count: 10)
        // ::/96 holds the unspecified and the loopback address, which are no IPv4-compatible ones.
        let isCompatible = has((zeros + [0, 0], 96)) && !bytes[12...14].allSatisfy { $0 == 0 }
        if has((zeros + [0xff, 0xff], 96)) || isCompatible { return bytes[12...] }
        if has((Array(repeating: 0, count: 8) + [0xff, 0xff, 0, 0], 96)) { return bytes[12...] }
        if has(([0, 0x64, 0xff, 0x9b] + Array(repeating: 0, count: 8), 96)) { return bytes[12...] }
        if has(([0x20, 0x02], 16)) { return bytes[2..<6] }
        // ISATAP's interface identifier, RFC 5214; of a public prefix, since link-local ones are refused anyway.
        if bytes[9] == 0, bytes[10] == 0x5e, bytes[11] == 0xfe, bytes[8] & 0xfd == 0, has(([0x20], 3)) {
            return bytes[12...]
        }
        return nil
    }

    private static func reachOfIPv4(_ bytes: ArraySlice<UInt8>) -> Reach {
        guard let address = IPAddress(bytes: Array(bytes)) else { return .never }
        if neverIPv4.contains(where: address.has) { return .never }
        if address.has(([127], 8)) { return .loopback }
        return localIPv4.contains(where: address.has) ? .local : .global
    }

    private func has(_ block: Block) -> Bool {
        for (index, byte) in block.prefix.enumerated() {
            let bits = block.bits - index * 8
            guard bits > 0 else { return true }
            let mask: UInt8 = bits >= 8 ? 0xff : ~(0xff >> UInt8(bits))
            guard index < bytes.count, bytes[index] & mask == byte & mask else { return false }
        }
        return true
    }

    private static let localIPv4: [Block] = [([10], 8), ([172, 16], 12), ([192, 168], 16), ([100, 64], 10)]
    private static let neverIPv4: [Block] = [
        ([0], 8), ([169, 254], 16), ([192, 0, 0], 24), ([192, 0, 2], 24), ([192, 88, 99], 24), ([198, 18], 15),
        ([198, 51, 100], 24), ([203, 0, 113], 24), ([224], 4), ([240], 4),
        // Alibaba's metadata service inside the carrier-grade range; Azure's platform service at a public address.
        ([100, 100, 100, 200], 32), ([168, 63, 129, 16], 32),
    ]
    /// AWS, Google and Oracle inside fc00::/7.
    private static let metadataIPv6: [Block] = [
        ([0xfd, 0x00, 0x0e, 0xc2], 32), ([0xfd, 0x20, 0x00, 0xce], 32), ([0xfd, 0x00, 0x00, 0xc1], 32),
    ]
    /// Teredo, benchmarking, ORCHID, documentation.
    private static let unusableIPv6: [Block] = [
        ([0x20, 0x01, 0x00, 0x00], 32), ([0x20, 0x01, 0x00, 0x02, 0x00, 0x00], 48), ([0x20, 0x01, 0x00, 0x10], 28),
        ([0x20, 0x01, 0x00, 0x20], 28), ([0x20, 0x01, 0x0d, 0xb8], 32), ([0x3f, 0xff, 0x00], 20),
    ]
}
