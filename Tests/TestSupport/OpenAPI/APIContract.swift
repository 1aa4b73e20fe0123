import Foundation
import Synchronization

/// An OpenAPI document as something to hold answers against.
public struct APIContract: Sendable {
    /// The document.
    public let document: TestJSON
    /// Every operation.
    public let operations: [Operation]
    private let checker: SchemaChecker

    /// One operation of the document.
    public struct Operation: Sendable, CustomStringConvertible {
        /// `GET`.
        public let method: String
        /// `/project/{projectId}`.
        public let path: String
        /// The `operationId`.
        public let id: String
        /// The rest of what the document says.
        public let json: TestJSON

        /// Whether it needs no key.
        public var isPublic: Bool { json["security"] == [] }
        /// Whether it takes a body.
        public var takesBody: Bool { json["requestBody"] != .null }
        /// The statuses that it documents.
        public var statuses: Set<Int> { Set(json["responses"].members.keys.compactMap { Int($0) }) }
        /// The names in the path.
        public var pathParameters: [String] {
            path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
        }
        /// The names of the query and header parameters.
        public func parameters(in place: String) -> [String] {
            json["parameters"].items.filter { $0["in"].string == place }.compactMap { $0["name"].string }
        }
        /// `GET /project/{projectId}`.
        public var description: String { "\(method) \(path)" }
    }

    /// The operations of `document`. `allowsUnknownMembers`: whether answers may have more members than are documented.
    public init(_ document: TestJSON, allowsUnknownMembers: Bool) {
        self.document = document
        checker = SchemaChecker(document: document, allowsUnknownMembers: allowsUnknownMembers)
        operations = document["paths"].members.sorted { $0.key < $1.key }.flatMap { path, methods in
            methods.members.sorted { $0.key < $1.key }.map { method, json in
                Operation(method: method.uppercased(), path: path, id: json["operationId"].string ?? "", json: json)
            }
        }
    }

    /// The document that a server of ours sent. It is the same for all servers of one build and slow to parse, so each text is
    /// parsed once.
    static func own(_ body: [UInt8]) throws -> APIContract {
        if let known = parsed.withLock({ $0[body] }) { return known }
        let contract = APIContract(try TestJSON(body), allowsUnknownMembers: false)
        parsed.withLock { $0[body] = contract }
        return contract
    }

    private static let parsed = Mutex<[[UInt8]: APIContract]>([:])

    /// The operation that serves `method` at `path`; a fixed segment goes before a parameter, at the end for every method.
    public func operation(_ method: String, _ path: String) -> Operation? {
        let given = path.split(separator: "/", omittingEmptySubsequences: false)
        let fitting = operations.filter { operation in
            let segments = operation.path.split(separator: "/", omittingEmptySubsequences: false)
            return segments.count == given.count
                && zip(segments, given).allSatisfy { $0 == $1 || ($0.hasPrefix("{") && !$1.isEmpty) }
        }
        let fixed = fitting.filter { !$0.path.hasSuffix("}") }
        return (fixed.isEmpty ? fitting : fixed).filter { $0.method == method }
            .min { $0.pathParameters.count < $1.pathParameters.count }
    }

    /// Every complaint about the status, content type, headers and body of `answer` to `operation`.
    public func complaints(_ answer: Answer, to operation: Operation) -> [String] {
        guard var response = operation.json["responses"].members["\(answer.status)"] else {
            return ["status \(answer.status) is not documented"]
        }
        if let reference = response["$ref"].string { response = checker.resolve(reference) ?? .null }
        var found: [String] = []
        for (name, header) in response["headers"].members {
            if let value = answer[name] {
                found += checker.complaints(.string(value), header["schema"], at: "header \(name)")
            } else if header["required"] == true {
                found.append("header \(name) is missing")
            }
        }
        let content = response["content"].members
        guard !content.isEmpty else {
            // A response that is documented without content says nothing about a body.
            return answer.status == 204 && !answer.body.isEmpty ? found + ["a 204 has a body"] : found
        }
        let type = answer["content-type"].map { String($0.prefix { $0 != ";" }) } ?? "none"
        guard let media = content[type] else {
            return found + ["content type \(type) instead of \(content.keys.sorted().joined(separator: " or "))"]
        }
        guard type == "application/json" || type.hasSuffix("+json") else {
            return found + checker.complaints(.string(answer.text), media["schema"])
        }
        guard let json = try? answer.json else { return found + ["the body is not JSON"] }
        return found + checker.complaints(json, media["schema"])
    }

    /// Complaints about the schemas themselves, which no answer may ever reach: unknown keywords and dead references.
    public var complaintsAboutSchemas: [String] {
        var found: [String] = []
        func walk(_ json: TestJSON, at place: String) {
            if let reference = json["$ref"].string, checker.resolve(reference) == nil {
                found.append("\(place): \(reference)")
            }
            for (name, member) in json.members { walk(member, at: "\(place)/\(name)") }
            for (index, item) in json.items.enumerated() { walk(item, at: "\(place)/\(index)") }
        }
        walk(document, at: "#")
        return found
    }
}

/// An answer that breaks its documentation.
public struct ContractViolation: Error, CustomStringConvertible {
    /// What is wrong with which answer.
    public let description: String
}
