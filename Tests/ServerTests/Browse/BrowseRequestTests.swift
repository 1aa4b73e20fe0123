import HTTPTypes
import Hummingbird
import NIOCore
import Registries
import Tenancy
import Testing

@testable import Server

/// The query of a list of a registry, in every spelling that clients use.
@Suite struct BrowseRequestTests {
    private static func request(_ query: String) -> Request {
        let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/x?\(query)")
        return Request(head: head, body: RequestBody(buffer: ByteBuffer()))
    }

    private static func read(_ query: String, _ registry: RegistryDescription = .harbor) throws -> BrowseRequest {
        try BrowseRequest(request(query), dialect: registry.browse)
    }

    private static func complaints(_ query: String, _ registry: RegistryDescription = .harbor) -> [String] {
        do {
            _ = try read(query, registry)
            return []
        } catch {
            return (error as? APIError)?.errors.map(\.field) ?? ["no APIError"]
        }
    }

    @Test(arguments: [
        "include=artifacts", "include=artifacts&include=artifacts", "include[]=artifacts", "include%5B%5D=artifacts",
        "include=artifacts,artifacts",
    ])
    func artifactsAreAskedForInEverySpellingOfAnArray(query: String) throws {
        #expect(try Self.read(query).include == .artifacts)
    }

    @Test func withoutIncludeOnlyImagesAreAskedFor() throws {
        #expect(try Self.read("page=2").include == [])
        #expect(try Self.read("include=").include == [])
    }

    @Test(arguments: [("page=3&pageSize=7", 3, 7), ("page=3&limit=7", 3, 7), ("", 1, 20), ("pageSize=5000", 1, 100)])
    func everyDialectOfPagingIsUnderstood(query: String, page: Int, size: Int) throws {
        #expect(try Self.read(query).page == BrowsePage(number: page, size: size))
    }

    @Test func aPageBeyondEveryRegistryIsNotCountedWith() throws {
        #expect(try Self.read("page=9223372036854775807&pageSize=100").page.number == BrowseRequest.lastPage)
    }

    @Test(arguments: [
        ("page=0", ["page"]), ("pageSize=x", ["pageSize"]), ("include=charts", ["include"]),
        ("harborProject=-1", ["harborProject"]), ("harborProject=a/b", ["harborProject"]),
        ("harborProject=", ["harborProject"]),
        ("harborProject=A&include=x&page=-1", ["harborProject", "include", "page"]),
    ])
    func everyComplaintIsToldAtOnce(query: String, fields: [String]) {
        #expect(Self.complaints(query) == fields)
    }

    @Test(arguments: ["my-project", "a", "p.q_r-1", "0"])
    func aProjectOfTheRegistryIsItsName(name: String) throws {
        #expect(try Self.read("harborProject=\(name)").project == name)
        #expect(try Self.read("namespace=\(name)").project == nil)
    }

    @Test func dockerHubTakesTheCredentialFromTheQuery() throws {
        #expect(Self.complaints("", .dockerHub) == ["credentialId"])
        #expect(Self.complaints("credentialId=x", .dockerHub) == ["credentialId"])
        let id = "01a20550-8ae7-79ba-95af-e659c433cc56"
        let read = try Self.read("credentialId=\(id)&namespace=acme", .dockerHub)
        #expect(read.credential?.description == id)
        #expect(read.project == "acme")
    }
}
