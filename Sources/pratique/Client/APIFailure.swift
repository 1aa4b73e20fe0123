import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// The server refused or could not do what it was asked, in its own words.
struct APIFailure: ReportedFailure {
    struct FieldError: Decodable, Hashable, Sendable {
        let field: String
        let message: String
    }

    let status: Int
    let code: String?
    let message: String
    let fieldErrors: [FieldError]
    let hint: String?
    let requestID: String?
    /// The answer of a registry that led to this one: `harbor.example.com answered 401`.
    var upstream: String?

    var exitCode: Int32 { 1 }

    /// The message, one line for each field, what to do, and what to quote to whoever runs the server.
    var wording: String {
        var lines = ["error: " + PrintableText.strip(message)]
        lines += fieldErrors.map { "  \(PrintableText.strip($0.field)): \(PrintableText.strip($0.message))" }
        if let upstream { lines.append("registry: " + PrintableText.strip(upstream)) }
        if let hint { lines.append("hint: " + PrintableText.strip(hint)) }
        if let requestID { lines.append("request: " + PrintableText.strip(requestID)) }
        return lines.joined(separator: "\n")
    }
}

extension APIFailure {
    private struct Body: Decodable {
        let message: String?
        let code: String?
        let errors: [FieldError]?
        let hint: String?
        let requestId: String?
        let upstream: Upstream?

        struct Upstream: Decodable {
            let registry: String
            let status: Int?
            let code: String?
        }
    }

    init(answer: APIAnswer) {
        // Something in front of the server may have answered, in HTML: then the status is all there is to say.
        let body = try? JSONDecoder().decode(Body.self, from: answer.body)
        status = answer.status
        code = body?.code
        message = body?.message ?? Self.message(for: answer)
        fieldErrors = body?.errors ?? []
        hint = body?.hint ?? Self.hint(for: answer)
        requestID = body?.requestId ?? answer.header("x-request-id")
        upstream = body?.upstream.map { upstream in
            let code = upstream.code.map { " (\($0))" } ?? ""
            return upstream.registry + (upstream.status.map { " answered \($0)" } ?? " gave no answer") + code
        }
    }

    private static func message(for answer: APIAnswer) -> String {
        let phrase = HTTPResponseStatus(statusCode: answer.status).reasonPhrase
        return "the server answered \(answer.status) \(phrase) to \(answer.request.method) \(answer.request.path)"
    }

    private static func hint(for answer: APIAnswer) -> String? {
        switch answer.status {
        case 300..<400:
            let target = answer.header("location").map { " to \($0)" } ?? ""
            return "redirects\(target) are not followed, because the key would go with them; check --url"
        case 401: return "the key is unknown, revoked or expired: pratique login --url URL"
        case 429: return answer.header("retry-after").map { "try again in \($0) seconds" }
        case 503: return "the server is starting, stopping or without its database: pratique doctor"
        default: return nil
        }
    }
}
