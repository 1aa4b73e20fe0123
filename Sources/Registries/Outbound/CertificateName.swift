import NIOCore
import NIOSSL

/// Checks once more whom a certificate is for, before anything is sent.
///
/// The TLS library accepts a certificate for the peer's address in place of the name, and a common name without alternative
/// names. For a host that is called by name, either would let whoever moves the name to an address of theirs answer for it
/// with a certificate of that address.
enum CertificateName {
    /// The certificate of a connection is not for the host.
    struct Mismatch: Error {}

    /// Fails the future unless the certificate on `channel` has `host` among its DNS names.
    static func check(_ channel: any Channel, is host: String) -> EventLoopFuture<Void> {
        channel.nioSSL_peerCertificate().flatMapThrowing { certificate in
            let names = certificate?._subjectAlternativeNames().filter { $0.nameType == .dnsName } ?? []
            guard names.contains(where: { covers(String(decoding: $0.contents, as: UTF8.self), host) }) else {
                throw Mismatch()
            }
        }
    }

    /// Whether a certificate's name covers `host`: itself, or with `*` as its whole first label and two more behind it.
    static func covers(_ name: String, _ host: String) -> Bool {
        let name = (name.hasSuffix(".") ? String(name.dropLast()) : name).lowercased()
        guard name.hasPrefix("*.") else { return name == host }
        let rest = name.dropFirst(2)
        guard rest.contains("."), !rest.contains("*"), let dot = host.firstIndex(of: "."), dot > host.startIndex else {
            return false
        }
        return host[host.index(after: dot)...] == rest
    }
}
