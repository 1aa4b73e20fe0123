import Foundation
import Server
import TestSupport
import Testing

@Suite("TLS")
struct TLSTests {
    private func makeCertificate(_ directory: TemporaryDirectory) async throws {
        try await runTool(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                directory.file("tls.key"),
                "-out", directory.file("tls.pem"),
            ]
        )
    }

    @Test func aServerWithACertificateSpeaksHTTPS() async throws {
        try await withTemporaryDirectory { directory in
            try await makeCertificate(directory)
            var options = ServerOptions()
            options.flags = [
                "tls-certificate-file": directory.file("tls.pem"), "tls-private-key-file": directory.file("tls.key"),
            ]
            options.trustedCertificate = directory.file("tls.pem")
            try await withServer(in: directory, options: options) { server in
                // That every answer has Strict-Transport-Security is held by the caller.
                #expect(try await server.admin.get("/user/profile")["strict-transport-security"] == "max-age=31536000")
                _ = try await server.store("harbor")
                #expect(try server.log().contains("https://127.0.0.1:"))
            }
        }
    }

    @Test func aCertificateThatIsNoneStopsTheStartNamingTheSetting() async throws {
        try await withTemporaryDirectory { directory in
            try await makeCertificate(directory)
            for (certificate, key, setting) in [
                ("first", "tls.key", "tls-certificate-file"), ("tls.pem", "first", "tls-private-key-file"),
            ] {
                var options = ServerOptions()
                options.flags = [
                    "tls-certificate-file": directory.file(certificate), "tls-private-key-file": directory.file(key),
                ]
                let error = await #expect(throws: SettingsError.self) {
                    try await withServer(in: directory, options: options) { _ in }
                }
                #expect(error?.setting == setting)
            }
            #expect(throws: SettingsError.self) {
                try testSettings(in: directory, flags: ["tls-certificate-file": directory.file("tls.pem")])
            }
        }
    }
}
