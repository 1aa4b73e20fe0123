import Crypto
import OCI
import Testing

@Suite struct DigestTests {
    static let empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @Test func digestOfAFinishedHashIsItsText() {
        #expect(Digest(SHA256.hash(data: [UInt8]())).description == DigestTests.empty)
    }

    @Test func textThatIsADigestIsKept() throws {
        #expect(try Digest(DigestTests.empty).description == DigestTests.empty)
    }

    // Upper case, another algorithm, a wrong length and a missing part are no digests.
    @Test(arguments: ["", "sha256", "sha256:", "sha256:E3B0", "md5:d41d8cd98f00b204e9800998ecf8427e", "sha512:" + "a"])
    func textThatIsNoDigestIsRefused(_ text: String) {
        #expect(throws: Digest.ValidationError.self) { try Digest(text) }
    }
}
