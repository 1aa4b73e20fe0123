import Tenancy

/// What the log tells of one request.
struct RequestRecord: LogMembers {
    let requestID: String
    let method: String
    let path: String
    let status: Int
    let duration: Duration
    let failure: APIError?
    /// The address of one who was refused.
    let client: String?
    let trace: RequestTrace.Fields

    func write(to line: inout JSONMembers) {
        if let client { line.add("client", client) }
        if let failure {
            line.add("code", failure.code.rawValue)
            if let cause = failure.cause { line.add("cause", cause) }
        }
        if let credential = trace.credential { line.add("credentialId", credential) }
        let (seconds, attoseconds) = duration.components
        line.add("durationMicroseconds", Int(seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
        if let key = trace.key { line.add("keyId", key.description) }
        line.add("method", method)
        if let organization = trace.organization { line.add("organizationId", organization.description) }
        line.add("path", path)
        if let project = trace.project { line.add("projectId", project.description) }
        line.add("requestId", requestID)
        line.add("status", status)
    }
}
