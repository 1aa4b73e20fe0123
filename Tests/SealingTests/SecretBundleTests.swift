import Testing

@testable import Sealing

/// The wire form: name length (1), name, value length (4, big endian), value. Source: docs of ``SecretBundle``.
@Suite struct SecretBundleTests {
    // Empty bundles and values, names and values at their limits, many fields, names that occur twice.
    static let bundles: [[(String, Int)]] = [
        [],
        [("", 0)],
        [("password", 0)],
        [("password", 1), ("clientKeyPem", 16 * 1024)],
        [(String(repeating: "n", count: 255), 16 * 1024)],
        [(String(repeating: "é", count: 127), 3)],
        (0..<300).map { ("field\($0)", $0) },
        [("same", 1), ("same", 2)],
    ]

    @Test(arguments: bundles.indices)
    func bundleComesBackAsItWas(index: Int) throws {
        let bundle = SecretBundle(
            SecretBundleTests.bundles[index].map { (name: $0.0, value: Secret.random(count: $0.1)) }
        )
        let decoded = try SecretBundle(decoding: bundle.encoded())
        #expect(decoded.fields.map(\.name) == bundle.fields.map(\.name))
        #expect(decoded.fields.map(\.value) == bundle.fields.map(\.value))

        let keyring = try Keyring([.random()])
        let opened = try keyring.open(keyring.seal(bundle, for: .place()), for: .place())
        #expect(opened.fields.map(\.name) == bundle.fields.map(\.name))
        #expect(opened.fields.map(\.value) == bundle.fields.map(\.value))
    }

    @Test func firstOfTwoFieldsOfOneNameIsTheOneThatIsFound() {
        #expect(SecretBundle([("a", Secret("1")), ("a", Secret("2"))])["a"] == Secret("1"))
    }

    @Test(arguments: [String(repeating: "n", count: 256), String(repeating: "é", count: 128)])
    func nameOfMoreThan255BytesIsRefused(name: String) throws {
        let bundle = SecretBundle([(name, Secret("x"))])
        #expect(try failure { try bundle.encoded() } == .invalidSecret)
        #expect(try failure { try Keyring([.random()]).seal(bundle, for: .place()) } == .invalidSecret)
    }

    @Test(
        arguments: [
            [1],  // a name is announced and missing
            [1, 97],  // no length of the value
            [1, 97, 0, 0, 0],  // three of its four bytes
            [1, 97, 0, 0, 0, 1],  // the value is missing
            [1, 97, 0, 0, 0, 2, 65],  // the value is cut
            [1, 97, 255, 255, 255, 255, 65],  // the value is longer than everything
            [1, 97, 0, 0, 0, 1, 65, 7],  // a second field is announced and missing
        ] as [[UInt8]]
    )
    func damagedBundleIsRefused(bytes: [UInt8]) throws {
        #expect(try failure { try SecretBundle(decoding: Secret(bytes)) } == .invalidSecret)
    }

    /// Every cut of a good bundle is either refused or ends between two fields.
    @Test func cutBundleNeverInventsAField() throws {
        let fields = [("one", 5), ("two", 0), ("three", 9)].map { (name: $0.0, value: Secret.random(count: $0.1)) }
        let bytes = try SecretBundle(fields).encoded().withBytes { Array($0) }
        for length in 0..<bytes.count {
            do {
                let decoded = try SecretBundle(decoding: Secret(bytes.prefix(length)))
                #expect(decoded.fields.map(\.name) == fields.prefix(decoded.fields.count).map(\.name))
                #expect(decoded.fields.map(\.value) == fields.prefix(decoded.fields.count).map(\.value))
            } catch {
                #expect(error.code == .invalidSecret)
            }
        }
    }
}
