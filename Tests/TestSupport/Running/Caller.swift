public import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Somebody who sends requests to a server with one API key, or with none.
///
/// Every answer is held against the server's own OpenAPI document and against the rules that hold for all answers; one that
/// breaks them is thrown as a ``ContractViolation``, in whatever test it happens.
public struct Caller: Sendable {
    let server: RunningServer
    /// What is sent as `x-api-key`.
    public let key: String?
    /// The address that the connection comes from; the system's choice when nil.
    public var address: String?

    init(server: RunningServer, key: String?) {
        self.server = server
        self.key = key
    }

    /// The same caller from the loopback address `address`: wrong keys are counted by address.
    public func from(_ address: String) -> Caller {
        var caller = self
        caller.address = address
        return caller
    }

    /// Sends a request with a JSON body, or with none.
    @discardableResult
    public func send(
        _ method: String,
        _ target: String,
        _ json: TestJSON? = nil,
        headers: [(String, String)] = []
    ) async throws -> Answer {
        try await send(method, target, bytes: json?.bytes, headers: headers)
    }

    /// Sends a request with a body of any bytes.
    @discardableResult
    public func send(
        _ method: String,
        _ target: String,
        bytes: [UInt8]?,
        contentType: String? = "application/json",
        headers: [(String, String)] = []
    ) async throws -> Answer {
        let type = bytes == nil ? nil : contentType.map { ("content-type", $0) }
        return try await send(
            method,
            target,
            body: bytes.map { .bytes($0) },
            headers: (type.map { [$0] } ?? []) + headers
        )
    }

    /// Sends a request whose body comes as the client wills.
    @discardableResult
    public func send(
        _ method: String,
        _ target: String,
        body: HTTPClientRequest.Body?,
        headers: [(String, String)] = []
    ) async throws -> Answer {
        let wire = Wire(client: server.client, base: "\(server.scheme)://127.0.0.1:\(server.port)")
        let auth = key.map { [("x-api-key", $0)] } ?? []
        let answer = try await wire.send(method, target, headers: auth + headers, body: body, from: address)
        server.transcript.append(answer)
        let complaints = server.complaints(answer)
        guard complaints.isEmpty else {
            throw ContractViolation(description: "\(answer)\n  \(complaints.joined(separator: "\n  "))")
        }
        return answer
    }

    /// Begins a GET whose answer may go on for long; its body comes as it is sent. Only what is read whole is held against the document.
    public func open(_ target: String) async throws -> (status: Int, body: HTTPClientResponse.Body) {
        var request = HTTPClientRequest(url: "\(server.scheme)://127.0.0.1:\(server.port)\(target)")
        if let key { request.headers.add(name: "x-api-key", value: key) }
        let response = try await server.client.execute(request, deadline: .now() + .seconds(120))
        return (Int(response.status.code), response.body)
    }

    /// GET.
    @discardableResult
    public func get(_ target: String) async throws -> Answer { try await send("GET", target) }

    /// POST.
    @discardableResult
    public func post(_ target: String, _ json: TestJSON? = nil, headers: [(String, String)] = []) async throws -> Answer
    {
        try await send("POST", target, json, headers: headers)
    }

    /// PUT.
    @discardableResult
    public func put(_ target: String, _ json: TestJSON) async throws -> Answer { try await send("PUT", target, json) }

    /// PATCH.
    @discardableResult
    public func patch(_ target: String, _ json: TestJSON) async throws -> Answer {
        try await send("PATCH", target, json)
    }

    /// DELETE.
    @discardableResult
    public func delete(_ target: String) async throws -> Answer { try await send("DELETE", target) }
}

extension RunningServer {
    /// What is wrong with an answer, whatever it answers.
    func complaints(_ answer: Answer) -> [String] {
        var found: [String] = []
        let expected = [
            "x-content-type-options": "nosniff", "cache-control": "no-store", "referrer-policy": "no-referrer",
        ]
        for (name, value) in expected.sorted(by: { $0.key < $1.key }) where answer[name] != value {
            found.append("\(name) is \(answer[name] ?? "missing")")
        }
        if !(answer["content-security-policy"] ?? "").hasPrefix("default-src 'none'") {
            found.append("content-security-policy is \(answer["content-security-policy"] ?? "missing")")
        }
        if (answer["strict-transport-security"] != nil) != (scheme == "https") {
            found.append("strict-transport-security belongs to https and to nothing else")
        }
        guard answer.method != "HEAD" else {
            return found + (answer.body.isEmpty ? [] : ["HEAD was answered with a body"])
        }
        if answer.status >= 400 { found += complaintsAboutError(answer) }
        if let operation = api.operation(answer.method, answer.path) {
            found += api.complaints(answer, to: operation)
        } else if answer.status != 404, answer.status != 405 {
            found.append("nothing is documented at \(answer.method) \(answer.path)")
        }
        return found
    }

    private func complaintsAboutError(_ answer: Answer) -> [String] {
        guard let json = try? answer.json else { return ["the error has no JSON body"] }
        let checker = SchemaChecker(document: api.document, allowsUnknownMembers: false)
        var found = checker.complaints(json, ["$ref": "#/components/schemas/Error"])
        if json["statusCode"] != .integer(answer.status) { found.append("statusCode is \(json["statusCode"])") }
        if json["path"].string != answer.path { found.append("path is \(json["path"])") }
        if json["requestId"].string != answer["x-request-id"] { found.append("requestId is not that of the header") }
        if answer.status == 429 || answer.status == 503, !(answer["retry-after"] ?? "").allSatisfy(\.isWholeNumber) {
            found.append("retry-after is \(answer["retry-after"] ?? "missing")")
        }
        if answer.status == 429, answer["retry-after"] == nil { found.append("retry-after is missing") }
        if answer.status == 401, answer["www-authenticate"] == nil { found.append("www-authenticate is missing") }
        return found
    }
}
