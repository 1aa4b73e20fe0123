import Testing

@testable import pratique

@Suite struct ServerAddressTests {
    // The last four only look like this machine.
    @Test(arguments: [
        "http://pratique.example.org", "http://10.0.0.1:8080", "http://[2001:db8::1]", "http://0.0.0.0",
        "http://127.0.0.1.example.org", "http://localhost.example.org", "http://127.1", "http://[::ffff:127.0.0.1]",
    ])
    func keyIsNotSentOverPlainHTTPToAnotherMachine(url: String) throws {
        let address = try ServerAddress(url)
        #expect(throws: CommandFailure.self) { try address.requireProtection(insecureHTTP: false) }
        try address.requireProtection(insecureHTTP: true)
    }

    @Test(arguments: [
        "https://pratique.example.org", "http://localhost:8080", "http://127.0.0.1", "http://127.8.9.1",
        "http://[::1]:80",
    ])
    func keyIsSentOverTLSOrInsideThisMachine(url: String) throws {
        try ServerAddress(url).requireProtection(insecureHTTP: false)
    }

    // Two ways to write one address are one address, or the stored key would not be found again.
    @Test(arguments: [
        ("HTTPS://Pratique.Example.org/", "https://pratique.example.org"),
        ("https://pratique.example.org:443", "https://pratique.example.org"),
        ("http://localhost:80/", "http://localhost"),
        ("https://example.org/pratique/", "https://example.org/pratique"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ])
    func addressHasOneForm(raw: String, form: String) throws {
        #expect(try ServerAddress(raw).description == form)
    }

    @Test(arguments: [
        "", "pratique.example.org", "ftp://example.org", "https://", "https://ada:prq_x@example.org",
        "https://example.org/?key=1", "https://example.org/#a",
    ])
    func addressThatIsNoneIsWrongUsage(raw: String) throws {
        let failure = try #require(throws: CommandFailure.self) { try ServerAddress(raw) }
        #expect(failure.exitCode == 64)
        #expect(!failure.wording.contains("prq_x"))
    }
}
