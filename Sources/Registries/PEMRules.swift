import NIOSSL
import Sealing

/// The rules for certificates and keys in PEM: they must be readable here and now, so that a paste that went wrong is told when
/// it is stored and not when a registry is first asked.
enum PEMRules {
    /// A chain has two to four certificates, a company's bundle of CAs rarely more than a handful.
    static let certificateLimit = 16

    /// Checks that `text` holds 1 to 16 certificates and no key.
    static func checkCertificates(_ text: Secret, field: String) throws(FieldError) {
        try checkShape(text, field: field)
        guard !contains("PRIVATE KEY-----", text) else {
            throw FieldError(field, "must hold certificates only; the private key has a field of its own")
        }
        let certificates: [NIOSSLCertificate]
        do {
            certificates = try text.withBytes { try NIOSSLCertificate.fromPEMBytes([UInt8]($0)) }
        } catch {
            throw FieldError(field, "must be PEM with whole -----BEGIN CERTIFICATE----- blocks")
        }
        guard (1...certificateLimit).contains(certificates.count) else {
            throw FieldError(field, "must hold 1 to \(certificateLimit) certificates")
        }
    }

    /// Checks that `text` holds a private key that needs no passphrase.
    static func checkPrivateKey(_ text: Secret, field: String) throws(FieldError) {
        try checkShape(text, field: field)
        guard !contains("ENCRYPTED", text) else {
            throw FieldError(field, "must be a key without a passphrase (openssl pkey -in key.pem takes it off)")
        }
        do {
            _ = try text.withBytes { try NIOSSLPrivateKey(bytes: [UInt8]($0), format: .pem) }
        } catch {
            throw FieldError(field, "must be PEM with one whole -----BEGIN PRIVATE KEY----- block")
        }
    }

    /// Checks that the key is that of the first certificate.
    static func checkPair(certificate: Secret, key: Secret, field: String) throws(FieldError) {
        do {
            let chain = try certificate.withBytes { try NIOSSLCertificate.fromPEMBytes([UInt8]($0)) }
            let privateKey = try key.withBytes { try NIOSSLPrivateKey(bytes: [UInt8]($0), format: .pem) }
            var configuration = TLSConfiguration.makeClientConfiguration()
            // The system's CAs take a while to read and say nothing about a pair.
            configuration.trustRoots = .certificates(chain)
            configuration.certificateChain = chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(privateKey)
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw FieldError(field, "is not the key of the first certificate in clientCertificatePem")
        }
    }

    private static func checkShape(_ text: Secret, field: String) throws(FieldError) {
        guard contains("-----BEGIN ", text) else { throw FieldError(field, "must be PEM, from -----BEGIN to -----END") }
        guard !contains("\\n", text) else {
            throw FieldError(field, "has line breaks that were written as two characters, \\ and n; send real ones")
        }
    }

    private static func contains(_ needle: String, _ text: Secret) -> Bool {
        let needle = Array(needle.utf8)
        return text.withBytes { bytes in
            guard bytes.count >= needle.count else { return false }
            return (0...(bytes.count - needle.count)).contains { bytes[$0...].starts(with: needle) }
        }
    }
}
