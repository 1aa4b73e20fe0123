import Testing

@testable import Registries

@Suite struct IPAddressTests {
    @Test(arguments: [
        "1.1.1.1", "93.184.216.34", "172.15.255.255", "172.32.0.0", "192.167.1.1", "11.0.0.1", "100.63.1.1",
        "100.128.0.1",
        "169.253.1.1", "198.17.1.1", "198.20.0.1", "223.255.255.255", "2606:4700::1111", "2001:4860:4860::8888",
        "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
    ])
    func publicAddressIsGlobal(text: String) {
        #expect(IPAddress(text)?.reach == .global)
    }

    @Test(arguments: [
        "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.255.255",
        "fc00::1", "fd12:3456::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "::10.0.0.1",
        "::ffff:0:10.0.0.1",
        "2001:4860::5efe:a00:1",
    ])
    func privateAddressIsLocal(text: String) {
        #expect(IPAddress(text)?.reach == .local)
    }

    @Test(arguments: [
        "127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1",
        "::ffff:0:127.0.0.1", "2606:4700::200:5efe:7f00:1",
    ])
    func thisMachineIsLoopback(text: String) {
        #expect(IPAddress(text)?.reach == .loopback)
    }

    /// No configuration opens these.
    @Test(arguments: [
        "0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.1.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
        "255.255.255.255", "192.0.0.192", "192.0.2.1", "198.51.100.1", "203.0.113.9", "198.18.0.1", "198.19.255.255",
        "192.88.99.1", "100.100.100.200", "168.63.129.16", "::", "fe80::1", "febf::1", "fec0::1", "ff02::1",
        "fd00:ec2::254",
        "fd20:ce::254", "2001:db8::1", "3fff::1", "100::1", "2001::1", "2001:10::1", "2001:20::1", "2001:2::1",
        "64:ff9b:1::1",
        "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "::169.254.169.254",
        "::ffff:0:169.254.169.254", "2606:4700::5efe:a9fe:a9fe", "4000::1", "5f00::1", "::ffff:224.0.0.1",
        "::ffff:0.0.0.0",
    ])
    func metadataAndReservedAddressesAreNeverReached(text: String) {
        #expect(IPAddress(text)?.reach == .never)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "0x7f000001", "2130706433", "::g", "1.2.3.04x", "fe80::1%eth0", "localhost",
    ])
    func otherTextsAreNoAddress(text: String) {
        #expect(IPAddress(text) == nil)
    }

    /// What is loopback stays so in every embedding; a bit flipped into the prefix is judged by its own block.
    @Test func everyEmbeddingIsSeenThrough() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let inner = (0..<4).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let zeros: [UInt8] = Array(repeating: 0, count: 10)
            let expected = try #require(IPAddress(bytes: inner)).reach
            let forms: [[UInt8]] = [
                zeros + [0xff, 0xff] + inner, [0, 0x64, 0xff, 0x9b] + Array(repeating: 0, count: 8) + inner,
                [0x20, 0x02] + inner + zeros, Array(repeating: 0, count: 8) + [0xff, 0xff, 0, 0] + inner,
            ]
            for form in forms { #expect(IPAddress(bytes: form)?.reach == expected, "\(inner) in \(form)") }
        }
    }
}
