import Foundation
import Sealing
import TestSupport
import Testing

/// No way of printing a value shows a secret. Source: house.md, section 7: a description alone leaks through `dump`.
@Suite struct PrintingTests {
    private let canary = CanarySecret()

    @Test func printedSecretShowsNothing() {
        for text in printed(canary.secret) {
            #expect(canary.traces(in: text).isEmpty)
            #expect(text.contains("<secret>") || text.isEmpty, "\(text)")
        }
    }

    @Test func printedBundleShowsNamesOnly() {
        let bundle = SecretBundle([("password", canary.secret)])
        for text in printed(bundle) { #expect(canary.traces(in: text).isEmpty) }
        #expect("\(bundle)".contains("password"))
    }

    @Test func printedKeysAndKeyringsShowIdsOnly() throws {
        let key = try RootKey.random()
        let other = try RootKey.random()
        let keyring = try Keyring([key, other])
        for text in printed(key) + printed(keyring) {
            #expect(traces(of: key, in: text).isEmpty)
            #expect(traces(of: other, in: text).isEmpty)
        }
        #expect("\(key)" == "root key \(key.id)")
    }

    @Test func printedSealedSecretAndItsStoredFormShowNothing() throws {
        let sealed = try Keyring([.random()]).seal(SecretBundle([("password", canary.secret)]), for: .place())
        for text in printed(sealed) { #expect(canary.traces(in: text).isEmpty) }
        #expect(canary.traces(in: sealed.stored).isEmpty)
    }

    @Test func printedSourcesOfKeysShowNoKey() throws {
        let key = try RootKey.random()
        let source = RootKeyText(key.withText { Secret($0) }, setting: "PRATIQUE_ROOT_KEY")
        for text in printed(source) { #expect(traces(of: key, in: text).isEmpty) }
    }

    @Test func secretHasNoChildrenAndIsNotEncodable() {
        #expect(Mirror(reflecting: canary.secret).children.isEmpty)
        #expect(!((canary.secret as Any) is any Encodable))
    }

    /// A secret is a reason for many errors and never a part of one.
    @Test func errorsNeverRepeatTheKeyThatTheyRefuse() throws {
        let text = "\(canary.core)=="
        let error = try #require(throws: SealingError.self) { try RootKey(text: text) }
        for text in printed(error) { #expect(canary.traces(in: text).isEmpty) }
        let source = RootKeyText(Secret(text), setting: "ROOT")
        let second = try #require(throws: SealingError.self) { try source.load() }
        for text in printed(second) { #expect(canary.traces(in: text).isEmpty) }
    }

    private func printed(_ value: Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        var mirrored = ""
        for child in Mirror(reflecting: value).children {
            mirrored += "\(child.label ?? "") \(child.value) \(String(reflecting: child.value))\n"
            dump(child.value, to: &mirrored)
        }
        return ["\(value)", String(reflecting: value), String(describing: value), dumped, mirrored].filter {
            !$0.isEmpty
        }
    }

    /// The forms of a key's bytes that `text` holds.
    private func traces(of key: RootKey, in text: String) -> [String] {
        let base64 = key.withText { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .newlines) }
        let bytes = Array(Data(base64Encoded: base64) ?? Data())
        let forms = [
            base64, bytes.map { String(format: "%02x", $0) }.joined(),
            bytes.map { String(format: "%02X", $0) }.joined(),
            bytes.map { String($0) }.joined(separator: ", "),
        ]
        return forms.filter { text.contains($0) || $0.isEmpty }
    }
}
