import Crypto
import Foundation
import Sealing
import Testing

/// The stored form is what the documents say, byte by byte, and stays so: old envelopes must open with every later program.
@Suite struct KnownAnswerTests {
    /// SHA-256("pratique test vector 2") as a key. Its id was computed with Python:
    /// `hmac.new(key, b"pratique root key id", "sha256").digest()[:8].hex()`.
    static let keyText = "pQI5eljgH9nCXQYg/9PVfRf6OdH8839d6wK+UTJchmo="
    static let keyID = "a68b2d1dec5047a5"

    @Test func keyIdIsTheOneThatPythonComputes() throws {
        #expect(try RootKey(text: KnownAnswerTests.keyText).id.description == KnownAnswerTests.keyID)
    }

    /// Sealed with Python's `cryptography` from the documented layout: the fields `password` and an empty `note`, data key
    /// SHA-256("pratique test data key"), nonces 1…12 and 101…112.
    @Test func envelopeOfAnotherImplementationOpens() throws {
        let envelope = """
            AaaLLR3sUEelAQIDBAUGBwgJCgsMigFFD36k2ac5oVqvJwMphWAsXTU8xhifZKUxRETiZQHYA4onQtdcYuRA3/O/RoqIZWZnaGlqa2xtbm9wySj8\
            8stMbcdn8UB5xRKynIJeet3Z2e+DpYoJiw0rkTRjHgTV9DnGTqeWxuY+iY7uaSPY3DRdBzUsIonaUbSuix9T
            """
        let stored = Array(try #require(Data(base64Encoded: envelope)))
        let bundle = try Keyring([RootKey(text: KnownAnswerTests.keyText)]).open(
            SealedSecret(stored: stored),
            for: .place()
        )
        #expect(bundle.fields.map(\.name) == ["password", "note"])
        #expect(bundle["password"] == Secret("correct horse battery staple"))
        #expect(bundle["note"] == Secret(""))
    }

    /// Opens what we sealed with nothing but swift-crypto and the documented layout.
    @Test func envelopeOfOursOpensWithTheDocumentedLayoutAlone() throws {
        let sealed = try Keyring([RootKey(text: KnownAnswerTests.keyText)]).seal(.password("hunter2"), for: .place())
        let stored = sealed.stored
        #expect(stored[0] == 1)
        #expect(stored[1..<9].map { String(format: "%02x", $0) }.joined() == KnownAnswerTests.keyID)

        let root = SymmetricKey(data: try #require(Data(base64Encoded: KnownAnswerTests.keyText)))
        let dataKey = try AES.GCM.open(
            .init(combined: stored[9..<69]),
            using: root,
            authenticating: try additionalData(label: 2, tail: KnownAnswerTests.keyID)
        )
        #expect(dataKey.count == 32)
        let plaintext = try AES.GCM.open(
            .init(combined: stored[69...]),
            using: SymmetricKey(data: dataKey),
            authenticating: try additionalData(label: 1, tail: "")
        )
        #expect(Array(plaintext) == [8] + Array("password".utf8) + [0, 0, 0, 7] + Array("hunter2".utf8))
    }

    /// Label, organization, credential, version (8 bytes, big endian), length of the kind (4 bytes, big endian), kind, and
    /// for the data key the id of the root key.
    private func additionalData(label: UInt8, tail: String) throws -> [UInt8] {
        Array("pratique/credential.sealed/v1/".utf8) + [label]
            + (try bytes(hex: "01890a5dac96774bbcceb302099a8057"))
            + (try bytes(hex: "01890a5dac96774bbcceb302099a8058"))
            + [0, 0, 0, 0, 0, 0, 0, 7] + [0, 0, 0, 6] + Array("harbor".utf8) + Array(tail.utf8)
    }

    private func bytes(hex: String) throws -> [UInt8] {
        let digits = Array(hex)
        return try stride(from: 0, to: digits.count, by: 2).map {
            try #require(UInt8(String(digits[$0...$0 + 1]), radix: 16))
        }
    }
}
