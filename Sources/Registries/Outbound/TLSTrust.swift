import Crypto
import NIOSSL
public import Sealing

/// Whom a connection trusts beside the machine's own roots, and the client certificate that it shows.
public struct TLSTrust: Sendable {
    private let roots: [NIOSSLCertificate]
    private let identity: (chain: [NIOSSLCertificate], key: NIOSSLPrivateKey)?
    private let rootsText: String?
    /// Two trusts with one fingerprint make the same connections.
    let fingerprint: [UInt8]

    /// Longer texts are refused unread; a bundle of all public roots is 250 KiB.
    public static let lengthLimit = 512 << 10

    /// Parses PEM texts. `clientCertificatePEM` and `clientKeyPEM` come together or not at all; the key has no passphrase.
    /// Throws ``ValidationError``, which names the field.
    public init(
        caCertificatePEM: String? = nil,
        clientCertificatePEM: String? = nil,
        clientKeyPEM: Secret? = nil
    ) throws(ValidationError) {
        roots =
            try caCertificatePEM.map { text throws(ValidationError) in
                try TLSTrust.certificates(text, .caCertificatePEM)
            } ?? []
        rootsText = caCertificatePEM
        var hash = SHA256()
        hash.update(data: Array((caCertificatePEM ?? "").utf8) + [0])
        switch (clientCertificatePEM, clientKeyPEM) {
        case (let certificate?, let key?):
            let chain = try TLSTrust.certificates(certificate, .clientCertificatePEM)
            guard key.count <= TLSTrust.lengthLimit else { throw ValidationError(.clientKeyPEM, "is too long") }
            do {
                identity = (chain, try key.withBytes { try NIOSSLPrivateKey(bytes: Array($0), format: .pem) })
            } catch {
                throw ValidationError(.clientKeyPEM, "must be one private key in PEM form, without a passphrase")
            }
            hash.update(data: Array(certificate.utf8) + [0])
            key.withBytes { hash.update(bufferPointer: $0) }
        case (nil, nil): identity = nil
        case (nil, _): throw ValidationError(.clientCertificatePEM, "must be given together with the client key")
        case (_, nil): throw ValidationError(.clientKeyPEM, "must be given together with the client certificate")
        }
        fingerprint = Array(hash.finalize())
    }

    private init(roots: [NIOSSLCertificate], rootsText: String?) {
        self.roots = roots
        self.rootsText = rootsText
        identity = nil
        fingerprint = Array(SHA256.hash(data: Array((rootsText ?? "").utf8) + [0]))
    }

    /// The same roots and no client certificate: what another host than the registry gets.
    public var withoutClientCertificate: TLSTrust { TLSTrust(roots: roots, rootsText: rootsText) }

    /// Adds this trust to a client's configuration.
    func apply(to configuration: inout TLSConfiguration) {
        if !roots.isEmpty { configuration.additionalTrustRoots = [.certificates(roots)] }
        if let identity {
            configuration.certificateChain = identity.chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(identity.key)
        }
    }

    private static func certificates(_ text: String, _ field: Field) throws(ValidationError) -> [NIOSSLCertificate] {
        guard text.utf8.count <= lengthLimit else { throw ValidationError(field, "is too long") }
        // BoringSSL's words are of no help to who pasted the wrong text; the complaint says what it must be.
        let certificates = try? NIOSSLCertificate.fromPEMBytes(Array(text.utf8))
        guard let certificates, !certificates.isEmpty else {
            throw ValidationError(field, "must be one certificate or more in PEM form")
        }
        return certificates
    }

    /// Which text is wrong.
    public enum Field: String, Sendable {
        /// The private authority.
        case caCertificatePEM = "caCertificatePem"
        /// The client's certificate and what is between it and its authority.
        case clientCertificatePEM = "clientCertificatePem"
        /// The client's key.
        case clientKeyPEM = "clientKeyPem"
    }

    /// Why a text cannot be used.
    public struct ValidationError: Error, Sendable, Equatable {
        /// Which text.
        public let field: Field
        /// What is wrong; to stand after the field's name.
        public let message: String

        init(_ field: Field, _ message: String) {
            self.field = field
            self.message = message
        }
    }
}
