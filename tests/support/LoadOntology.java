import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.IRI;
import org.semanticweb.owlapi.model.OWLOntology;

/** Prints how many axioms the OWL API, the library of Protégé, reads at each address, and in which syntax. */
public class LoadOntology {
    public static void main(String[] addresses) throws Exception {
        for (String address : addresses) {
            OWLOntology read = OWLManager.createOWLOntologyManager().loadOntology(IRI.create(address));
            System.out.println(read.getAxiomCount() + " " + read.getFormat());
        }
    }
}
