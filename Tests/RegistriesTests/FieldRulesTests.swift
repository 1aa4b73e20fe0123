import Registries
import Sealing
import Testing

/// Every text of a request is trimmed, bounded in Unicode scalars, and one line.
@Suite struct FieldRulesTests {
    private func message<Result>(_ body: () throws(FieldError) -> Result) -> String? {
        do {
            _ = try body()
            return nil
        } catch {
            return error.field == "f" ? error.message : "about another field"
        }
    }

    @Test(arguments: [
        ("a", "a"), ("  a b  ", "a b"), ("\t\r\na\r\n", "a"), ("\u{A0}a\u{3000}", "a"), ("名前", "名前"), ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("e\u{301}", "e\u{301}"), ("robot$p+x", "robot$p+x"),
        ("'; DROP TABLE credential; --", "'; DROP TABLE credential; --"),
        ("<script>", "<script>"), ("%00", "%00"),
    ])
    func textIsTrimmedAndElseKept(input: String, expected: String) throws {
        #expect(try FieldRules.text(.string(input), field: "f").unicodeScalars.elementsEqual(expected.unicodeScalars))
        let optional = try FieldRules.optionalText(.string(input), field: "f", limit: 100)
        #expect(optional?.unicodeScalars.elementsEqual(expected.unicodeScalars) == true)
    }

    @Test(arguments: ["", " ", "\n", "\t \r\n", "\u{A0}\u{2003}\u{3000}", "\u{2028}"])
    func blankTextIsNone(input: String) throws {
        #expect(
            message { () throws(FieldError) in try FieldRules.text(.string(input), field: "f") } == "must not be empty"
        )
        #expect(try FieldRules.optionalText(.string(input), field: "f", limit: 9) == nil)
    }

    // Scalars, not characters: a family of five is one character and nine scalars, and the database counts scalars too.
    @Test(arguments: ["a", "é", "e\u{301}", "名", "𝒳", "👨‍👩‍👧"])
    func limitIsInScalars(unit: String) throws {
        let size = unit.unicodeScalars.count
        for limit in [size, size * 20, FieldRules.nameLimit / size * size, FieldRules.descriptionLimit / size * size] {
            let fits = String(repeating: unit, count: limit / size)
            #expect(try FieldRules.text(.string(" \(fits) "), field: "f", limit: limit) == fits)
            let over = message { () throws(FieldError) in
                try FieldRules.text(.string(fits + "b"), field: "f", limit: limit)
            }
            #expect(over == "must have at most \(limit) characters")
        }
        #expect(FieldRules.nameLimit == 255 && FieldRules.descriptionLimit == 1_000)
    }

    // U+0000 has no place in PostgreSQL; line breaks would forge lines of logs and of the stored fields.
    @Test(arguments: [
        "\u{0}", "\u{1}", "\t", "\n", "\r", "\r\n", "\u{1B}", "\u{7F}", "\u{80}", "\u{85}", "\u{2028}", "\u{2029}",
    ])
    func controlCharacterInsideIsRefused(control: String) {
        let found = message { () throws(FieldError) in try FieldRules.text(.string("a\(control)b"), field: "f") }
        #expect(found == "must not contain control characters or line breaks")
    }

    @Test func absentAndOtherTypesAreToldApart() throws {
        #expect(message { () throws(FieldError) in try FieldRules.text(.absent, field: "f") } == "is required")
        #expect(message { () throws(FieldError) in try FieldRules.secret(.absent, field: "f") } == "is required")
        #expect(try FieldRules.optionalText(.absent, field: "f", limit: 9) == nil)
        let number = FieldValue.other("a number")
        for found in [
            message({ () throws(FieldError) in try FieldRules.text(number, field: "f") }),
            message({ () throws(FieldError) in try FieldRules.optionalText(number, field: "f", limit: 9) }),
            message({ () throws(FieldError) in try FieldRules.secret(number, field: "f") }),
        ] {
            #expect(found == "must be a string, not a number")
        }
    }

    // One line break at the end is what a paste or `echo` leaves; nothing else of a secret is touched.
    @Test(arguments: [
        ("s", "s"), ("s\n", "s"), ("s\r\n", "s"), ("s\r", "s"), ("s\n\n", "s\n"), ("s\r\n\r\n", "s\r\n"),
        (" s ", " s "),
        ("\ns", "\ns"), ("a\nb\n", "a\nb"), ("s\t", "s\t"), ("s \n", "s "),
        ("-----BEGIN\nA\n-----END\n", "-----BEGIN\nA\n-----END"),
        ("\u{0}", "\u{0}"), ("é名", "é名"),
    ])
    func oneLineBreakOfASecretIsCut(input: String, expected: String) throws {
        let secret = try FieldRules.secret(.string(input), field: "f")
        #expect(secret.withBytes { Array($0) } == Array(expected.utf8))
    }

    @Test(arguments: ["", "\n", "\r\n", " ", "\t", "  \n", "\n\n\n", "\u{B}\u{C}"])
    func secretOfWhiteSpaceIsRefused(input: String) {
        #expect(
            message { () throws(FieldError) in try FieldRules.secret(.string(input), field: "f") }
                == "must not be empty"
        )
    }

    // Bytes, and after the cut.
    @Test func secretMayHave16KiB() throws {
        let limit = FieldRules.secretLimitInBytes
        #expect(limit == 16 * 1024)
        let full = String(repeating: "s", count: limit)
        #expect(try FieldRules.secret(.string(full), field: "f").count == limit)
        #expect(try FieldRules.secret(.string(full + "\n"), field: "f").count == limit)
        for over in [full + "s", full + "\n\n", String(repeating: "é", count: limit / 2) + "s"] {
            let found = message { () throws(FieldError) in try FieldRules.secret(.string(over), field: "f") }
            #expect(found == "must have at most \(limit) bytes")
        }
    }
}
