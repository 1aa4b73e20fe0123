import Foundation
import Tenancy
import TestSupport
import Testing

/// The text of a key: `prq_`, 26 characters of id, `_`, 52 of secret, 6 of checksum. Source: docs of ``APIKeyText``.
@Suite struct APIKeyTextTests {
    @Test func keyTextComesBackWithItsIdAndHash() throws {
        for _ in 0..<200 {
            let made = APIKeyText()
            let read = try #require(APIKeyText(made.reveal()))
            #expect(read.id == made.id)
            #expect(read.hash == made.hash)
            #expect(read.reveal() == made.reveal())
        }
    }

    @Test func keyTextHasItsDocumentedForm() throws {
        let text = APIKeyText().reveal()
        #expect(try text.wholeMatch(of: Regex("prq_[a-z2-7]{26}_[a-z2-7]{58}")) != nil)
        #expect(text.utf8.count == 89)
    }

    @Test func keysOfOneIdHaveSecretsOfTheirOwn() {
        let id = APIKeyID()
        let one = APIKeyText(id: id)
        let other = APIKeyText(id: id)
        #expect(one.id == id && other.id == id)
        #expect(one.hash != other.hash)
        #expect(one.reveal() != other.reveal())
    }

    /// A key that was made once, with id and hash as Python computes them: keys in use must be read for ever.
    @Test func keyOfAnotherImplementationIsRead() throws {
        let text = "prq_agequxnmsz3uxpgowmbatguak4_xplpcbvqxun6zh6vcsho4rd7swymeryyd5xo2wekpiqhlqnkildachgbog"
        let key = try #require(APIKeyText(text))
        #expect(key.id.description == "01890a5d-ac96-774b-bcce-b302099a8057")
        #expect(
            key.hash.map { String(format: "%02x", $0) }.joined()
                == "24f7c08ef6518c9fc572a9118fc8afad35ab184d504a6eac9cf23442a042823f"
        )
    }

    /// Every position with every character that could stand there, and some that could not.
    @Test func keyWithAnyCharacterChangedIsRefused() {
        let text = Array(APIKeyText().reveal().utf8)
        let characters = Array("abcdefghijklmnopqrstuvwxyz234567_0189AZ=- +/.\u{0}".utf8)
        for index in text.indices {
            for character in characters where character != text[index] {
                var changed = text
                changed[index] = character
                #expect(APIKeyText(String(decoding: changed, as: UTF8.self)) == nil, "character \(index)")
            }
        }
    }

    @Test func keyWithNeighboursSwappedIsRefused() {
        let text = Array(APIKeyText().reveal().utf8)
        for index in text.indices.dropLast() where text[index] != text[index + 1] {
            var changed = text
            changed.swapAt(index, index + 1)
            #expect(APIKeyText(String(decoding: changed, as: UTF8.self)) == nil, "characters \(index) and the next")
        }
    }

    @Test func keyOfAnotherLengthPrefixOrCaseIsRefused() {
        let text = APIKeyText().reveal()
        for length in 0..<text.count { #expect(APIKeyText(text.prefix(length)) == nil) }
        let others = [
            text + "a", " " + text, text + " ", text + "\n", text.uppercased(), "PRQ_" + text.dropFirst(4),
            "xrq_" + text.dropFirst(4), "prq-" + text.dropFirst(4), String(text.dropFirst(4)), "prq_" + text,
            "Bearer " + text, "prq_" + String(repeating: "a", count: 85), String(repeating: "é", count: 89),
            String(repeating: "a", count: 100_000),
        ]
        for other in others { #expect(APIKeyText(other) == nil) }
    }

    @Test func printedKeyTextShowsItsIdOnly() throws {
        let key = APIKeyText()
        let secret = String(key.reveal().dropFirst(31).prefix(52))
        var dumped = ""
        dump(key, to: &dumped)
        let mirrored = Mirror(reflecting: key).children.map { "\($0.value) \(String(reflecting: $0.value))" }
        for text in ["\(key)", String(reflecting: key), String(describing: key), dumped] + mirrored {
            #expect(!text.contains(secret.prefix(12)))
            #expect(!text.contains(secret.suffix(12)))
            #expect(!text.contains(key.hash.map { String($0) }.joined(separator: ", ")))
        }
        #expect("\(key)" == "API key \(key.id)")
    }
}
