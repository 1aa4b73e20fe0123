import TestSupport
import Testing

/// The checker that the contract is held with must itself be able to say no.
@Suite("SchemaChecker")
struct SchemaCheckerTests {
    private static let document: TestJSON = [
        "components": [
            "schemas": [
                "Named": [
                    "type": "object", "required": ["name"], "properties": ["name": ["type": "string", "minLength": 1]],
                ]
            ]
        ]
    ]
    private let checker = SchemaChecker(document: Self.document, allowsUnknownMembers: false)

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let value: TestJSON
        let schema: TestJSON

        init(_ name: String, _ value: TestJSON, _ schema: TestJSON) {
            (testDescription, self.value, self.schema) = (name, value, schema)
        }
    }

    @Test(arguments: [
        Case("text", "a", ["type": "string"]),
        Case("whole number", 1, ["type": "integer"]),
        Case("whole number where any will do", 1, ["type": "number"]),
        Case("null where it is allowed", nil, ["type": "string", "nullable": true]),
        Case("null before allOf", nil, ["nullable": true, "allOf": [["$ref": "#/components/schemas/Named"]]]),
        Case("reference", ["name": "x"], ["$ref": "#/components/schemas/Named"]),
        Case("empty array", [], ["type": "array", "items": ["type": "string"]]),
        Case("array", ["a", "b"], ["type": "array", "items": ["type": "string"], "maxItems": 2]),
        Case("UUID", "0198a5e2-0000-7000-8000-000000000000", ["type": "string", "format": "uuid"]),
        Case("time", "2026-01-31T09:05:07.120Z", ["type": "string", "format": "date-time"]),
        Case("word", "a", ["type": "string", "enum": ["a", "b"]]),
        Case("one of", 1, ["oneOf": [["type": "string"], ["type": "integer"]]]),
        Case("an object without any schema of its own", ["x": 1], ["type": "object"]),
        Case("members by a schema", ["x": 1], ["type": "object", "additionalProperties": ["type": "integer"]]),
    ])
    func acceptsWhatConforms(_ sample: Case) {
        #expect(checker.complaints(sample.value, sample.schema).isEmpty)
    }

    @Test(arguments: [
        Case("number for text", 1, ["type": "string"]),
        Case("text for number", "1", ["type": "integer"]),
        Case("fraction for integer", .number(1.5), ["type": "integer"]),
        Case("truth for integer", true, ["type": "integer"]),
        Case("number for truth", 1, ["type": "boolean"]),
        Case("null", nil, ["type": "string"]),
        Case("null where nullable is false", nil, ["type": "string", "nullable": false]),
        Case("null before allOf", nil, ["allOf": [["$ref": "#/components/schemas/Named"]]]),
        Case("missing member", [:], ["$ref": "#/components/schemas/Named"]),
        Case("missing member in allOf", [:], ["allOf": [["$ref": "#/components/schemas/Named"]]]),
        Case("member too many", ["name": "x", "age": 1], ["$ref": "#/components/schemas/Named"]),
        Case("wrong member", ["name": 7], ["$ref": "#/components/schemas/Named"]),
        Case("empty text", ["name": ""], ["$ref": "#/components/schemas/Named"]),
        Case("long text", "abc", ["type": "string", "maxLength": 2]),
        Case("dead reference", "x", ["$ref": "#/components/schemas/Gone"]),
        Case("foreign reference", "x", ["$ref": "other.json"]),
        Case("wrong item", ["a", 1], ["type": "array", "items": ["type": "string"]]),
        Case("array without items", ["a"], ["type": "array"]),
        Case("too many items", ["a", "b"], ["type": "array", "items": ["type": "string"], "maxItems": 1]),
        Case("object for array", [:], ["type": "array", "items": ["type": "string"]]),
        Case("no UUID", "x", ["type": "string", "format": "uuid"]),
        Case("upper-case UUID", "0198A5E2-0000-7000-8000-000000000000", ["type": "string", "format": "uuid"]),
        Case("a day", "2026-01-31", ["type": "string", "format": "date-time"]),
        Case("a time with an offset", "2026-01-31T09:05:07+01:00", ["type": "string", "format": "date-time"]),
        Case("month 13", "2026-13-31T09:05:07Z", ["type": "string", "format": "date-time"]),
        Case("unknown format", "x", ["type": "string", "format": "colour"]),
        Case("unknown word", "c", ["type": "string", "enum": ["a", "b"]]),
        Case("unknown keyword", "a", ["type": "string", "contains": "a"]),
        Case("unknown type", "a", ["type": "text"]),
        Case("no type", "a", ["minLength": 0]),
        Case("pattern", "a b", ["type": "string", "pattern": "^[a-z]+$"]),
        Case("too small", 0, ["type": "integer", "minimum": 1]),
        Case("too large", 3, ["type": "integer", "maximum": 2]),
        Case("none of", nil, ["oneOf": [["type": "string"], ["type": "integer"]]]),
        Case("two of", 1, ["oneOf": [["type": "number"], ["type": "integer"]]]),
        Case("member by a schema", ["x": "1"], ["type": "object", "additionalProperties": ["type": "integer"]]),
    ])
    func refusesWhatDoesNot(_ sample: Case) {
        #expect(!checker.complaints(sample.value, sample.schema).isEmpty)
    }

    @Test func theCheckerOfThePublishedContractLetsAdditionsPass() {
        let generous = SchemaChecker(document: Self.document, allowsUnknownMembers: true)
        #expect(generous.complaints(["name": "x", "age": 1], ["$ref": "#/components/schemas/Named"]).isEmpty)
        #expect(generous.complaints(["name": 1, "age": 1], ["$ref": "#/components/schemas/Named"]) != [])
    }

    @Test func aFixedSegmentGoesBeforeAParameter() throws {
        let api = APIContract(
            ["paths": ["/a/{x}": ["get": ["operationId": "one"]], "/a/b": ["get": ["operationId": "two"]]]],
            allowsUnknownMembers: false
        )
        #expect(api.operation("GET", "/a/b")?.id == "two")
        #expect(api.operation("GET", "/a/c")?.id == "one")
        #expect(api.operation("GET", "/a/") == nil)
        #expect(api.operation("POST", "/a/b") == nil)
    }

    @Test(
        arguments: [
            ("{\"a\":[1,-2.5e3,true,false,null,\"x\"]}", ["a": [1, .number(-2500), true, false, nil, "x"]]),
            (" [ ] ", []), ("\"\\u00e9\\ud83d\\ude00\\n\\/\"", "é😀\n/"), ("{ }", [:]), ("0", 0),
        ] as [(String, TestJSON)]
    )
    func readsJSON(text: String, value: TestJSON) throws {
        #expect(try TestJSON(text.utf8) == value)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "01", "1.", ".5", "+1", "tru", "nul", "\"\\x\"",
        "\"\\ud800\"", "\"a\nb\"",
        "1 2", "{\"a\":1,\"a\":2}", "'a'", "NaN", "[1 2]",
    ])
    func readsNothingElse(text: String) {
        #expect(throws: ContractViolation.self) { try TestJSON(text.utf8) }
    }
}
