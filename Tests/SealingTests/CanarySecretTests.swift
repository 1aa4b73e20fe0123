import Foundation
import Sealing
import TestSupport
import Testing

/// The tests that find no secret are worth something only if they would find one.
@Suite struct CanarySecretTests {
    private let canary = CanarySecret()

    private func encoded(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        let base64 = Data(bytes).base64EncodedString()
        return [
            text, base64, base64.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: ""),
            bytes.map { String(format: "%02x", $0) }.joined(), bytes.map { String(format: "%02X", $0) }.joined(),
            bytes.map { String(format: "%%%02X", $0) }.joined(), bytes.map { String(format: "\\u%04x", $0) }.joined(),
            "\(bytes)", text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "",
            String(decoding: (try? JSONEncoder().encode([text])) ?? Data(), as: UTF8.self), text.debugDescription,
        ]
    }

    @Test(arguments: ["", "u:", "us:", "use:", "a longer beginning "])
    func secretIsFoundInEveryFormAndAtEveryOffset(prefix: String) {
        for text in encoded(prefix + canary.text + "tail") {
            #expect(canary.isIn("before \(text) after"), "\(text)")
        }
        #expect(canary.isIn(canary.secret.withBytes { Array($0) }))
    }

    @Test func nothingIsFoundWhereThereIsNoSecret() {
        let other = CanarySecret()
        #expect(!canary.isIn(""))
        for text in encoded(other.text) + ["<secret>", String(canary.core.dropLast()), String(canary.core.prefix(12))] {
            #expect(!canary.isIn(text))
        }
        let noise = canary.traces(in: [UInt8](repeating: UInt8(ascii: "A"), count: 1 << 20))
        #expect(noise == [])
    }

    @Test func secretIsFoundAtTheVeryEndOfManyMegabytes() {
        let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 16 << 20) + Array(canary.core.utf8)
        let found = canary.traces(in: bytes)
        #expect(found == ["raw"])
    }

    @Test func secretIsFoundInFiles() throws {
        try withTemporaryDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory.file("sub"), withIntermediateDirectories: false)
            try Data("nothing".utf8).write(to: URL(fileURLWithPath: directory.file("clean")))
            #expect(try canary.traces(inFilesOf: directory).isEmpty)
            try Data("x\(canary.text)".utf8).write(to: URL(fileURLWithPath: directory.file("sub/log")))
            #expect(try canary.traces(inFilesOf: directory) == ["sub/log: raw"])
        }
    }
}
