import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import NIOSSL

extension CommandFailure {
    /// Words for a call that got no answer. This is the one place that knows the errors of the HTTP client.
    init(transport error: any Error, address: ServerAddress) {
        if let failure = error as? CommandFailure {
            self = failure
            return
        }
        switch TransportTrouble(error) {
        case .untrusted(let reason):
            self.init(
                "the TLS certificate of \(address) is not trusted: \(reason)",
                hint: "for a private CA: --ca-certificate FILE; check with: pratique doctor --url \(address)",
                isAboutTrust: true
            )
        case .unreachable(let reason):
            self.init(
                "cannot connect to \(address): \(reason)",
                hint: "is the server running, and the address right? pratique doctor --url \(address)"
            )
        case .tooSlow: self.init("\(address) did not answer in time", hint: "pratique doctor --url \(address)")
        case .tooLarge: self.init("the answer of \(address) is too large to be one of Pratique's", hint: "check --url")
        case .broken(let reason): self.init("the connection to \(address) failed: \(reason)")
        }
    }
}

/// Why a call got no answer, as far as it matters for what to do next.
enum TransportTrouble: Equatable {
    case untrusted(String)
    case unreachable(String)
    case tooSlow
    case tooLarge
    case broken(String)

    init(_ error: any Error) {
        switch error {
        case let error as NIOSSLError: self = Self.tls(error)
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            self = .untrusted("it is for another host")
        case let error as NIOConnectionError: self = .unreachable(Self.reason(error))
        case let error as IOError: self = .unreachable(String(cString: strerror(error.errnoCode)))
        case is NIOTooManyBytesError: self = .tooLarge
        case let error as HTTPClientError where error == .connectTimeout: self = .unreachable("no answer")
        case let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout: self = .tooSlow
        case let error as HTTPClientError where error == .tlsHandshakeTimeout: self = .tooSlow
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            self = .broken("the other side closed it")
        default: self = .broken(String(describing: error))
        }
    }

    private static func tls(_ error: NIOSSLError) -> TransportTrouble {
        let text = String(describing: error)
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return .untrusted("it was not signed by a CA known here") }
        if case .unableToValidateCertificate = error { return .untrusted("it could not be checked") }
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
            return .broken("the other side does not speak TLS on this port")
        }
        return .broken("TLS: \(text)")
    }

    private static func reason(_ error: NIOConnectionError) -> String {
        if let attempt = error.connectionErrors.last {
            guard let system = attempt.error as? IOError else { return "no connection" }
            return String(cString: strerror(system.errnoCode)).lowercased()
        }
        return "the name \(error.host) is unknown"
    }
}
