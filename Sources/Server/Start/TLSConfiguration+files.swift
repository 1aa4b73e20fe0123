import NIOSSL

extension TLSConfiguration {
    /// A server of the certificate and key in `files`, which speaks TLS 1.2 and newer. Throws ``SettingsError``.
    static func server(_ files: ServerSettings.TLSFiles) throws -> TLSConfiguration {
        let chain: [NIOSSLCertificateSource]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(files.certificate).map { .certificate($0) }
        } catch {
            throw SettingsError(
                Setting.tlsCertificateFile.key,
                "\(files.certificate) holds no readable PEM certificate"
            )
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: files.privateKey, format: .pem)
        } catch {
            throw SettingsError(Setting.tlsPrivateKeyFile.key, "\(files.privateKey) holds no readable PEM private key")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain,
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        return configuration
    }
}
