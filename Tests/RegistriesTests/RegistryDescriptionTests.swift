import Registries
import Testing

/// Routes, storage and the command line are written over the descriptions, so what holds of all of them is held here.
@Suite struct RegistryDescriptionTests {
    @Test func everyKindIsListedOnce() {
        let names = RegistryDescription.all.map(\.kind.description)
        #expect(names == ["harbor", "dockerhub", "oci"])
        #expect(Set(names).count == names.count)
        #expect(Set(RegistryDescription.all.map(\.title)).count == names.count)
    }

    @Test(arguments: RegistryDescription.all.indices)
    func kindLeadsToItsDescriptionAndBack(index: Int) throws {
        let registry = RegistryDescription.all[index]
        #expect(registry.kind.registry.title == registry.title)
        #expect(RegistryKind(named: registry.kind.description) == registry.kind)
        #expect(registry.kind.description.allSatisfy { $0.isLowercase })
    }

    @Test(arguments: RegistryDescription.all.indices)
    func fieldsOfAKindAreComplete(index: Int) throws {
        let registry = RegistryDescription.all[index]
        let publicNames = registry.publicFields.map(\.name)
        #expect(publicNames.contains(registry.nameField))
        #expect(!registry.secretFields.isEmpty)
        #expect(publicNames.count + registry.secretFields.count == registry.fields.count)
        #expect(Set(registry.fields.map(\.name)).count == registry.fields.count)
        #expect(registry.details.fields.allSatisfy { publicNames.contains($0) })
        // The stored form of the public fields has no escapes for these.
        #expect(publicNames.allSatisfy { !$0.contains("=") && !$0.contains("\n") })
        // Names of the request itself.
        #expect(publicNames.allSatisfy { !["projectId", "name", "description", "id", "kind"].contains($0) })
        #expect(registry.fields.allSatisfy { !$0.summary.isEmpty && !$0.example.isEmpty })
        switch registry.address {
        case .field(let name): #expect(publicNames.contains(name))
        case .fixed(let url): #expect(url.hasPrefix("https://"))
        }
    }

    /// The words of the published API.
    @Test func fieldsHaveTheirPublishedNames() {
        let required = { (registry: RegistryDescription) in registry.fields.filter(\.isRequired).map(\.name) }
        #expect(required(.harbor) == ["harborUrl", "harborProject", "username", "password"])
        #expect(required(.dockerHub) == ["dockerhubUsername", "accessToken"])
        #expect(RegistryDescription.harbor.documentedFields.map(\.name) == ["harborUrl", "harborProject", "username"])
        #expect(RegistryDescription.dockerHub.documentedFields.map(\.name) == ["dockerhubUsername"])
    }

    /// Certificates and keys are sealed; names of repositories are for all to read.
    @Test func optionalFieldsAreSealedOrPublicByTheirRule() {
        let pem = ["caCertificatePem", "clientCertificatePem", "clientKeyPem"]
        #expect(RegistryDescription.harbor.secretFields.map(\.name) == ["password"] + pem)
        #expect(RegistryDescription.oci.secretFields.map(\.name) == ["password"] + pem)
        #expect(RegistryDescription.dockerHub.secretFields.map(\.name) == ["accessToken"])
        #expect(RegistryDescription.oci.optionalFields.map(\.name) == ["repositories"])
        #expect(RegistryDescription.dockerHub.optionalFields.map(\.name) == ["namespace", "repositories"])
    }

    @Test(arguments: ["", "Harbor", "HARBOR", "docker-hub", "dockerHub", "harbor ", "quay", "ha\u{72}bor\u{0}"])
    func otherWordIsNoKind(word: String) {
        #expect(RegistryKind(named: word) == nil)
    }

    @Test func addressComesFromTheFieldOrIsFixed() {
        #expect(RegistryDescription.harbor.url(of: ["harborUrl": "https://h"]) == "https://h")
        #expect(RegistryDescription.harbor.url(of: [:]) == "")
        #expect(RegistryDescription.dockerHub.url(of: [:]) == "https://index.docker.io/v1/")
    }
}
