import Foundation
import Sealing
import Testing

/// What is a root key: 32 bytes that a random generator could have given, as base64 or hex. Source: docs of ``RootKey``.
@Suite struct RootKeyTests {
    private static let hex = "a502397a58e01fd9c25d0620ffd3d57d17fa39d1fcf37f5deb02be51325c866a"
    private static let id = "a68b2d1dec5047a5"

    @Test(arguments: [
        hex, hex.uppercased(), " \(hex)\n", "\t\(hex)\r\n", "pQI5eljgH9nCXQYg/9PVfRf6OdH8839d6wK+UTJchmo=",
        "\n pQI5eljgH9nCXQYg/9PVfRf6OdH8839d6wK+UTJchmo= \n",
    ])
    func keyReadsTheSameInEveryForm(text: String) throws {
        #expect(try RootKey(text: text).id.description == RootKeyTests.id)
    }

    static let noKeys: [String] = [
        "", " ", "\n", "key", "not base64!", String(hex.dropLast()), String(hex.dropLast(2)), "\(hex)00",
        "pQI5eljgH9nCXQYg/9PVfRf6OdH8839d6wK+UTJchmo",  // without padding
        "pQI5eljgH9nCXQYg_9PVfRf6OdH8839d6wK-UTJchmo=",  // base64url
        "\(hex.dropLast(2))+a",  // Int's own parser takes a sign
        "\(hex.dropLast(2))-0", "\(hex.dropLast(2))g0",
    ]

    @Test(arguments: noKeys)
    func textThatIsNoKeyIsRefused(text: String) throws {
        #expect(try failure { try RootKey(text: text) } == .invalidRootKey)
    }

    @Test(arguments: [0, 1, 16, 24, 31, 33, 48, 64])
    func keyOfAnotherLengthIsRefused(length: Int) throws {
        let bytes = Secret.random(count: length)
        #expect(try failure { try RootKey(bytes) } == .invalidRootKey)
        let base64 = bytes.withBytes { Data($0).base64EncodedString() }
        #expect(try failure { try RootKey(text: base64) } == .invalidRootKey)
    }

    // What a person types or a broken generator gives, and a random generator does not.
    static let weak: [(String, [UInt8])] = [
        ("all zeros", [UInt8](repeating: 0, count: 32)),
        ("all ones", [UInt8](repeating: 0xFF, count: 32)),
        ("few values", (0..<32).map { [3, 141, 59, 26, 53, 58, 97, 93][$0 % 8] }),
        ("19 values", (0..<32).map { UInt8(($0 % 19) * 13 % 251) }),
        ("a counting sequence", (0..<32).map { UInt8($0) }),
        ("counting down", (0..<32).map { UInt8(200 - $0) }),
        ("counting by 37", (0..<32).map { UInt8(($0 * 37 + 11) % 256) }),
        ("printable text", Array("The quick brown fox jumps over 1".utf8)),
        ("text of hex digits", Array("0123456789abcdef0123456789abcdef".utf8)),
    ]

    @Test(arguments: weak.indices)
    func weakKeyIsRefused(index: Int) throws {
        let (name, bytes) = RootKeyTests.weak[index]
        try #require(bytes.count == 32)
        #expect(try failure { try RootKey(Secret(bytes)) } == .invalidRootKey, "\(name)")
        #expect(try failure { try RootKey(text: Data(bytes).base64EncodedString()) } == .invalidRootKey, "\(name)")
    }

    /// The checks are worth having only if they never refuse what the generator gives.
    @Test func randomKeysAreAcceptedAndDiffer() throws {
        var ids: Set<RootKeyID> = []
        for _ in 0..<1_000 { ids.insert(try RootKey.random().id) }
        #expect(ids.count == 1_000)
    }

    @Test func keyTextReadsBackAsTheSameKey() throws {
        let key = try RootKey.random()
        let text = key.withText { String(decoding: $0, as: UTF8.self) }
        #expect(text.hasSuffix("=\n") && text.count == 45)
        #expect(try RootKey(text: text).id == key.id)
    }

    @Test(arguments: [
        ("a68b2d1dec5047a5", true), ("0000000000000000", true), ("A68B2D1DEC5047A5", false), ("a68b2d1dec5047a", false),
        ("a68b2d1dec5047a5a", false), ("a68b2d1dec5047ag", false), ("", false), ("a68b2d1dec5047é", false),
    ])
    func idIsSixteenLowercaseHexDigits(text: String, valid: Bool) {
        #expect((RootKeyID(text)?.description == text) == valid)
    }
}
