import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What went wrong between us and a server, and whether sending once more may help.
struct TransportFault: Error {
    let error: RegistryError
    /// The connection broke: a read may be sent again.
    let isTransient: Bool
    /// No connection came to be, so nothing was sent: another address of the host may be tried.
    let isBeforeSending: Bool
}

/// What each error of the libraries below means. The one place that knows them.
extension TransportFault {
    /// The fault behind `error`; nil when the task was cancelled.
    init?(_ error: any Error, at origin: OutboundOrigin) {
        switch error {
        case let fault as TransportFault: self = fault
        case let error as RegistryError: self.init(error: error, isTransient: false, isBeforeSending: false)
        case is CancellationError: return nil
        case let error as HTTPClientError:
            if error == .cancelled { return nil }
            self.init(error, Failure(origin))
        case let error as ChannelError: self.init(error, Failure(origin))
        case let error as IOError: self.init(error, Failure(origin))
        case let error as HTTPParserError:
            // A body that ends before its announced length arrives as a parser's error too.
            let isCutOff = error == .invalidEOFState
            let text = isCutOff ? "closed the connection within its answer" : "sent something that is no HTTP answer"
            let code: RegistryError.Code = isCutOff ? .unreachable : .upstreamMisbehaved
            self = Failure(origin).fault(code, text, isTransient: isCutOff)
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError, is CertificateName.Mismatch:
            self.init(error: Failure(origin).tls(error), isTransient: false, isBeforeSending: false)
        default: self = Failure(origin).fault(.unreachable, "could not be spoken to")
        }
    }

    private init(_ error: HTTPClientError, _ failure: Failure) {
        switch error {
        case .connectTimeout:
            self = failure.fault(.timeout, "did not accept a connection in time", isBeforeSending: true)
        case .tlsHandshakeTimeout:
            self = failure.fault(.timeout, "did not complete the TLS handshake in time", isBeforeSending: true)
        case .deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout:
            self = failure.fault(.timeout, "did not answer in time")
        case .remoteConnectionClosed, .uncleanShutdown:
            self = failure.fault(
                .unreachable,
                "closed the connection before its answer was complete",
                isTransient: true
            )
        default: self = failure.fault(.unreachable, "could not be spoken to")
        }
    }

    private init(_ error: ChannelError, _ failure: Failure) {
        switch error {
        case .connectTimeout:
            self = failure.fault(.timeout, "did not accept a connection in time", isBeforeSending: true)
        case .eof, .ioOnClosedChannel, .alreadyClosed, .inputClosed, .outputClosed:
            self = failure.fault(
                .unreachable,
                "closed the connection before its answer was complete",
                isTransient: true
            )
        default: self = failure.fault(.unreachable, "could not be spoken to")
        }
    }

    private init(_ error: IOError, _ failure: Failure) {
        switch error.errnoCode {
        case ECONNREFUSED: self = failure.fault(.unreachable, "refused the connection", isBeforeSending: true)
        case EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL, ENETDOWN:
            self = failure.fault(.unreachable, "cannot be reached", isBeforeSending: true)
        case ETIMEDOUT: self = failure.fault(.timeout, "did not answer in time", isBeforeSending: true)
        default: self = failure.fault(.unreachable, "broke the connection", isTransient: true)
        }
    }
}

/// Makes errors about one host.
private struct Failure {
    let host: String

    init(_ origin: OutboundOrigin) { host = origin.authority }

    func fault(
        _ code: RegistryError.Code,
        _ text: String,
        isTransient: Bool = false,
        isBeforeSending: Bool = false
    ) -> TransportFault {
        let error = RegistryError(code, "\(host) \(text)", upstream: .init(registry: host))
        return TransportFault(error: error, isTransient: isTransient, isBeforeSending: isBeforeSending)
    }

    func tls(_ error: any Error) -> RegistryError {
        let text = String(describing: error)
        let upstream = RegistryError.Upstream(registry: host)
        if error is CertificateName.Mismatch || (error as? NIOSSLExtraError) == .failedToValidateHostname {
            return RegistryError(
                .tlsUntrusted,
                "the certificate of \(host) is for another host",
                hint: "Use the host name that stands in the certificate.",
                upstream: upstream
            )
        }
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return RegistryError(
                .tlsUntrusted,
                "the certificate of \(host) is not trusted",
                hint:
                    "Give the private authority's certificate in caCertificatePem, and check that the server's has not expired.",
                upstream: upstream
            )
        }
        if ["CERTIFICATE_REQUIRED", "BAD_CERTIFICATE", "UNKNOWN_CA"].contains(where: text.contains) {
            return RegistryError(
                .tlsUntrusted,
                "\(host) does not take our client certificate, or wants one",
                hint: "Check clientCertificatePem and clientKeyPem.",
                upstream: upstream
            )
        }
        return RegistryError(
            .tlsUntrusted,
            "TLS with \(host) failed",
            hint: "Check that the port speaks TLS 1.2 or newer.",
            upstream: upstream
        )
    }
}

extension RegistryError {
    /// What `getaddrinfo` said.
    init(resolving host: String, status: Int32) {
        switch status {
        case EAI_NONAME, EAI_NODATA_VALUE:
            self.init(
                .unreachable,
                "the host \(host) is not known to the name servers",
                hint: "Check the spelling of the address.",
                upstream: .init(registry: host)
            )
        default:
            self.init(
                .unreachable,
                "the name \(host) could not be resolved",
                hint: "The name servers did not answer; try again.",
                upstream: .init(registry: host)
            )
        }
    }

    /// Nobody answered in time.
    static func timeout(_ origin: OutboundOrigin, _ what: String) -> RegistryError {
        RegistryError(.timeout, "\(origin.authority) \(what)", upstream: .init(registry: origin.authority))
    }

    /// The far side broke the protocol.
    static func misbehaved(_ origin: OutboundOrigin, _ what: String, status: Int? = nil) -> RegistryError {
        RegistryError(
            .upstreamMisbehaved,
            "\(origin.authority) \(what)",
            upstream: .init(registry: origin.authority, status: status)
        )
    }
}

/// glibc hides `EAI_NODATA` behind a feature macro.
private let EAI_NODATA_VALUE: Int32 = -5
